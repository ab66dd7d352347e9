"""What a place allows, written out."""

OPEN = (
    "Here: general and teen stories; serials up to what has been posted. "
    "Mature, explicit and unrated stories answer in age-restricted channels only."
)
RESTRICTED = "Here: stories of every rating; serials up to what has been posted."
