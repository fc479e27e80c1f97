// The drawn signature. Without this script the box stays hidden and the typed name is enough.
(() => {
  const box = document.querySelector("[data-signature]");
  const field = document.getElementById("id_drawing");
  if (!box || !field || !window.SignaturePad) return;
  const canvas = box.querySelector("canvas");
  const WIDTH = 600;
  const HEIGHT = 200;
  box.hidden = false;

  const pad = new window.SignaturePad(canvas, {
    penColor: getComputedStyle(canvas).color,
    minWidth: 1,
    maxWidth: 3,
  });

  // Points are kept in the size the box had when it was drawn in; turning a tablet changes that
  // size and must not lose the drawing.
  let shown = canvas.getBoundingClientRect();

  const scaled = (width, height) =>
    pad.toData().map((stroke) => ({
      ...stroke,
      points: stroke.points.map((point) => ({
        ...point,
        x: (point.x * width) / shown.width,
        y: (point.y * height) / shown.height,
      })),
    }));
  const keep = () => {
    const strokes = scaled(WIDTH, HEIGHT).map((stroke) =>
      stroke.points.map((point) => [Math.round(point.x), Math.round(point.y)]),
    );
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  };
  const fit = () => {
    const now = canvas.getBoundingClientRect();
    const drawn = scaled(now.width, now.height);
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    shown = now;
    canvas.width = now.width * ratio;
    canvas.height = now.height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.fromData(drawn);
    keep();
  };
  // What was drawn before the form came back with a question.
  const drawn = JSON.parse(field.value || "[]");
  fit();
  pad.fromData(
    drawn.map((stroke) => ({
      points: stroke.map(([x, y]) => ({
        x: (x * shown.width) / WIDTH,
        y: (y * shown.height) / HEIGHT,
        pressure: 0.5,
        time: 0,
      })),
    })),
  );
  keep();
  pad.addEventListener("endStroke", keep);
  window.addEventListener("resize", fit);

  box.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pad.clear();
    keep();
  });
  box.querySelector("[data-signature-undo]").addEventListener("click", () => {
    pad.fromData(pad.toData().slice(0, -1));
    keep();
  });
})();
