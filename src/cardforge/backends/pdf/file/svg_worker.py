"""Draws one SVG in a process of its own: ``python svg_worker.py WIDTH HEIGHT FONT… < drawing.svg > picture.png``.

The renderer has no limit of time or memory, and what it cannot do ends its process. So it runs where that can be
stopped and ends nothing else. Imports nothing of ours: it is started by its path.
"""

import sys


def main() -> None:
    """Write a PNG picture, WIDTH by HEIGHT pixels on white."""
    from resvg import render, usvg

    width, height, fonts = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    options = usvg.Options.default()
    for font in fonts:
        options.load_font_file(font)
    options.font_family = "Noto Sans"
    tree = usvg.Tree.from_str(sys.stdin.buffer.read().decode(), options)
    across, up = tree.int_size()
    transform = (width / across, 0.0, 0.0, 0.0, height / up, 0.0)
    sys.stdout.buffer.write(bytes(render(tree, transform, bg_size=(width, height), bg_color=(255, 255, 255, 255))))


if __name__ == "__main__":
    main()
