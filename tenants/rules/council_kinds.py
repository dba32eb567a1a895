"""The kinds of councils, in words."""

KIND_LABELS = {
    "county": "County council",
    "district": "District or borough council",
    "unitary": "Unitary council",
    "metropolitan": "Metropolitan borough",
    "london_borough": "London borough",
    "fire": "Fire and rescue authority",
    "police": "Police authority or panel",
    "national_park": "National park authority",
}
