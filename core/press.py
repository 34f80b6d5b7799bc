"""The press: one document, in a process of its own, so that no document can keep the program waiting or take it down.

It is run as a file: JSON on standard input says what to set, the finished file comes out. It knows nothing of Keyline.
"""

import json
import sys
from base64 import b64encode

import typst


def main() -> None:
    """Set the template with the data; PDF as it is, pictures (PNG, one a page) as a JSON list of base64."""
    order = json.load(sys.stdin)
    options = {"ppi": order["ppi"]} if order["format"] == "png" else {}
    made = typst.compile(
        order["template"],
        root=order["root"],
        font_paths=order["fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(order["data"])},
        format=order["format"],
        **options,
    )
    if order["format"] == "png":
        pages = made if isinstance(made, list) else [made]
        sys.stdout.write(json.dumps([b64encode(page).decode() for page in pages]))
    else:
        sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
