"""What a browser calls itself, in a word or two a person knows it by."""

THIS_BROWSER = "reminders.browser"
"""Where the session keeps which browser it runs in: whoever signs out there is told nothing there any more."""

MAKERS = (  # the first that fits: nearly all of them also say Chrome and Safari
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """`Chrome, Android`; empty when it says nothing we know."""
    found = (next((name for mark, name in marks if mark in user_agent), "") for marks in (MAKERS, MACHINES))
    return ", ".join(filter(None, found))
