// The camera of the tablet, with the last photo of the same view over it, so that both are alike.
// What it takes is put into the file field of the view; without this script that field does it all.
(() => {
  const form = document.querySelector("[data-photo-form]");
  const dialog = document.getElementById("camera");
  if (!form || !dialog) return;
  const $ = (selector, root = dialog) => root.querySelector(selector);
  const tiles = [...form.querySelectorAll("[data-view]")].filter((tile) => fieldOf(tile));
  const video = $("video");
  const ghost = $("[data-ghost]");
  const says = $("[data-camera-says]");
  const shoot = $("[data-shoot]");
  let shown = null;
  let stream = null;

  function fieldOf(tile) {
    return tile.querySelector("input[type=file]");
  }

  // ---- What was chosen is shown before it is saved ----
  const count = form.querySelector("[data-photo-count]");
  const preview = (tile) => {
    const image = tile.querySelector("[data-preview]");
    const [file] = fieldOf(tile).files;
    if (image.src) URL.revokeObjectURL(image.src);
    image.hidden = !file;
    if (file) image.src = URL.createObjectURL(file);
    else image.removeAttribute("src");
    const chosen = tiles.filter((each) => fieldOf(each).files.length).length;
    count.textContent = chosen ? count.dataset.words.replace("#", String(chosen)) : "";
  };
  tiles.forEach((tile) => fieldOf(tile).addEventListener("change", () => preview(tile)));

  if (!navigator.mediaDevices?.getUserMedia || !window.DataTransfer) return;

  // ---- The camera ----
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    shoot.disabled = true;
  };
  const start = async () => {
    says.textContent = says.dataset.waits;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } },
        audio: false,
      });
      if (!dialog.open) return stop();
      video.srcObject = stream;
      await video.play();
      says.textContent = "";
      shoot.disabled = false;
    } catch {
      says.textContent = says.dataset.failed;
    }
  };
  const show = (tile) => {
    shown = tile;
    $("[data-camera-view]").textContent = tile.dataset.view;
    const { before } = tile.dataset;
    ghost.hidden = !before;
    $("[data-ghost-mix]").hidden = !before;
    if (before) ghost.src = before;
    else ghost.removeAttribute("src");
  };
  const isOpen = (tile) =>
    !fieldOf(tile).files.length && !("taken" in tile.dataset) && tile.checkVisibility();
  const next = () => {
    const after = [...tiles.slice(tiles.indexOf(shown) + 1), ...tiles.slice(0, tiles.indexOf(shown))];
    const open = after.find(isOpen);
    if (open) show(open);
    else dialog.close();
  };

  const mix = $("#ghost-mix");
  mix.addEventListener("input", () => {
    ghost.style.opacity = String(mix.value / 100);
  });

  shoot.addEventListener("click", () => {
    // As the lens sees it: a mirrored picture would show the wrong side of the patient.
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    const tile = shown;
    canvas.toBlob(
      (blob) => {
        const files = new DataTransfer();
        files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
        fieldOf(tile).files = files.files;
        preview(tile);
        says.textContent = says.dataset.kept.replace("#", tile.dataset.view);
        next();
      },
      "image/jpeg",
      0.92,
    );
  });
  $("[data-skip]").addEventListener("click", next);
  $("[data-camera-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    stop();
    const button = shown?.querySelector("[data-camera]");
    button?.focus();
  });
  tiles.forEach((tile) => {
    const button = tile.querySelector("[data-camera]");
    button.hidden = false;
    button.addEventListener("click", () => {
      show(tile);
      dialog.showModal();
      shoot.focus();
      start();
    });
  });
})();
