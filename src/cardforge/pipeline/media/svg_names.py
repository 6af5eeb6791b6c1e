"""The closed list of what a drawing may hold: SVG 1.1 and 2 without scripts, animation, filters and other documents."""

from typing import Final

ELEMENTS: Final = frozenset(
    "svg g defs symbol use switch a path rect circle ellipse line polyline polygon text tspan textPath image style "
    "linearGradient radialGradient stop clipPath mask pattern marker".split()
)
SILENT: Final = frozenset("title desc metadata view cursor".split())
"""Elements that draw nothing: nobody misses them."""
GRADIENTS: Final = frozenset({"linearGradient", "radialGradient"})
TEXTS: Final = frozenset({"text", "tspan", "textPath"})

PROPERTIES: Final = frozenset(
    "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset stroke-opacity opacity color display visibility overflow clip-path clip-rule mask marker "
    "marker-start marker-mid marker-end stop-color stop-opacity font-family font-size font-style font-weight "
    "font-variant font-stretch letter-spacing word-spacing text-anchor text-decoration dominant-baseline "
    "alignment-baseline baseline-shift writing-mode direction unicode-bidi paint-order vector-effect shape-rendering "
    "text-rendering image-rendering color-interpolation mix-blend-mode isolation transform transform-origin mask-type "
    "white-space".split()
)
"""Presentation attributes, which are CSS properties too."""
PAINTING: Final = frozenset("fill stroke clip-path mask marker marker-start marker-mid marker-end".split())
"""The properties whose value may name another element of the drawing."""
INHERITED: Final = frozenset("fill stroke marker marker-start marker-mid marker-end".split())
SHORTHANDS: Final = frozenset({"font"})

ATTRIBUTES: Final = frozenset(
    "id class x y width height rx ry cx cy r x1 y1 x2 y2 fx fy fr d points viewBox preserveAspectRatio gradientUnits "
    "gradientTransform spreadMethod offset patternUnits patternContentUnits patternTransform clipPathUnits maskUnits "
    "maskContentUnits markerUnits markerWidth markerHeight orient refX refY dx dy rotate textLength lengthAdjust "
    "startOffset method spacing side pathLength systemLanguage".split()
)
FUNCTIONS: Final = frozenset(
    "rgb rgba hsl hsla url matrix translate translatex translatey scale scalex scaley rotate skewx skewy".split()
)
