"""A person's initials, for lists that are too narrow for names."""

TITLES = frozenset({"cllr", "councillor", "dr", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "rev"})


def initials_of(name: str) -> str:
    """The first letters of the first and the last word, titles left out: "Cllr Jo van Dyck" is JD; "" of nothing."""
    words = [word for word in name.split() if word.strip(".").lower() not in TITLES] or name.split()
    ends = words[:1] + words[1:][-1:]
    return "".join(next((letter for letter in word if letter.isalnum()), "") for word in ends).upper()
