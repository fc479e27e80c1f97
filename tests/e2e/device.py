"""What a browser keeps of a record until the server has it."""


def kept_copies(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('kept-record:')).length"
    )


def the_server_has_it(page):
    """Wait until nothing is kept on the device any more."""
    for _turn in range(100):
        if kept_copies(page) == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the device still keeps what was typed")
