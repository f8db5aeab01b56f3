"""One colour for each process, the same on the screen, in pictures and on pages."""

# They have a contrast of 4.5 to 1 or more, and each is nearest to another of a terminal's 16
# colours, as Rich finds them; red is kept for failures.
ON_DARK = ("#5fd7ff", "#ffd75f", "#87e187", "#e196ff", "#c0903a", "#7896ff", "#e12db4", "#4bd2b4")
ON_LIGHT = ("#005f87", "#7a5300", "#005f00", "#5f00af", "#4b2d00", "#0000af", "#785ab4", "#007878")
