"""The refusals that services raise and edges translate into answers a person can act on."""


class Refused(Exception):
    """What was asked cannot be done; `message` says why in one sentence for a person."""

    def __init__(self, message: str = "This cannot be done.") -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refused):
    """Nothing of that name exists, or not for this person (404)."""

    def __init__(self, message: str = "This does not exist, or is not yours to see.") -> None:
        super().__init__(message)


class Forbidden(Refused):
    """The person sees the place but may not do this there (403)."""

    def __init__(self, message: str = "Your role does not allow this.") -> None:
        super().__init__(message)


class Conflict(Refused):
    """It cannot be done now, or somebody else was first (409); `theirs` is what stands there instead.

    version: of what stands there, where that is no column `version` of `theirs`; 0 where nothing stands there yet.
    """

    def __init__(
        self, message: str = "Somebody else changed this first.", theirs: object = None, *, version: int | None = None
    ) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.version: int | None = getattr(theirs, "version", None) if version is None else version


class Invalid(Refused):
    """Some fields were filled in wrongly (422); `messages` names each field and what is wrong with it."""

    def __init__(self, messages: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {' '.join(texts)}" for field, texts in messages.items()))
        self.messages = messages
