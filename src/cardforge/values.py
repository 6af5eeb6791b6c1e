"""Values: dataclasses that do not change once they are made."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(*, frozen: bool = False, eq: bool = True, **options: bool) -> Any:
        """``dataclasses.dataclass``, of which the type checker alone holds that ``frozen`` values never change.

        Python itself guards each field of each new value, which makes making one three times as slow.
        """
        return dataclasses.dataclass(eq=eq, unsafe_hash=frozen and eq, **options)


__all__ = ["dataclass"]
