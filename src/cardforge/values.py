"""Values: dataclasses that do not change once they are made."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses
    from operator import attrgetter

    def dataclass(*, frozen: bool = False, eq: bool = True, order: bool = False, **options: bool) -> Any:
        """``dataclasses.dataclass``, of which the type checker alone holds that ``frozen`` values never change.

        Python itself guards each field of each new value, which makes making one three times as slow. And it compiles
        functions of its own for each class, at every start: here all classes have the same, but for their fields.
        """
        decorate = dataclasses.dataclass(eq=order, unsafe_hash=order and frozen, order=order, repr=False, **options)

        def value(kind: type) -> type:
            made = decorate(kind)
            if "__repr__" not in made.__dict__:
                made.__repr__ = _told
            if eq and not order:
                _compare(made, frozen=frozen)
            return made

        return value

    def _told(self: Any) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _compare(kind: type, *, frozen: bool) -> None:
        fields = dataclasses.fields(kind)
        compared = _values([each.name for each in fields if each.compare])
        hashed = _values([each.name for each in fields if (each.compare if each.hash is None else each.hash)])

        def equal(self: Any, other: object) -> Any:
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        def number(self: Any) -> int:
            return hash(hashed(self))

        if "__eq__" not in kind.__dict__:
            kind.__eq__ = equal
        kind.__hash__ = number if frozen else None

    def _values(names: list[str]) -> Any:
        return attrgetter(*names) if names else lambda _: ()


__all__ = ["dataclass"]
