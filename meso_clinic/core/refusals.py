"""How an action says that it did not do what it was asked."""


class ActionRefused(Exception):
    """It may not be done. `problem` says why, as one plain sentence."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
