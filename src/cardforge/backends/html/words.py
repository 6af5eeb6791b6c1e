"""What the page itself says, in the languages it speaks. ``{0}`` and ``{1}`` stand for numbers or a name."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Final

from cardforge.values import dataclass

_LANGUAGES: Final = ("en", "de", "fr", "es")
_RIGHT_TO_LEFT: Final = frozenset("ar arc ckb dv fa he iw ks nqo ps sd syr ug ur yi".split())

_TAG: Final = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")

_TABLE: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "skip": ("Skip to the cards", "Zu den Karten springen", "Aller aux cartes", "Ir a las tarjetas"),
    "contents": ("Contents", "Inhalt", "Sommaire", "Contenido"),
    "tools": ("Tools", "Werkzeuge", "Outils", "Herramientas"),
    "progress": ("Your progress", "Dein Fortschritt", "Vos progrès", "Tu progreso"),
    "dark": ("Dark colours", "Dunkle Farben", "Couleurs sombres", "Colores oscuros"),
    "search": ("Search the cards", "Karten durchsuchen", "Chercher dans les cartes", "Buscar en las tarjetas"),
    "found": ("{0} of {1} cards", "{0} von {1} Karten", "{0} cartes sur {1}", "{0} de {1} tarjetas"),
    "cards": ("{0} cards", "{0} Karten", "{0} cartes", "{0} tarjetas"),
    "card": ("1 card", "1 Karte", "1 carte", "1 tarjeta"),
    "decks": ("{0} decks", "{0} Stapel", "{0} paquets", "{0} mazos"),
    "known": ("{0} known", "{0} gewusst", "{0} sues", "{0} sabidas"),
    "open-all": ("Open all", "Alle öffnen", "Tout ouvrir", "Abrir todo"),
    "close-all": ("Close all", "Alle schließen", "Tout fermer", "Cerrar todo"),
    "study": ("Study", "Lernen", "Réviser", "Estudiar"),
    "study-section": ("Study: {0}", "Lernen: {0}", "Réviser : {0}", "Estudiar: {0}"),
    "print-cards": ("Print flashcards", "Lernkarten drucken", "Imprimer les cartes mémoire", "Imprimir fichas"),
    "print-all": ("Print all", "Alles drucken", "Tout imprimer", "Imprimir todo"),
    "link": ("Link to {0}", "Link zu {0}", "Lien vers {0}", "Enlace a {0}"),
    "flashcard": ("Flashcard {0}", "Lernkarte {0}", "Carte mémoire {0}", "Ficha {0}"),
    "self-check": ("Question {0}", "Frage {0}", "Question {0}", "Pregunta {0}"),
    "scenario": ("Scenario {0}", "Fall {0}", "Situation {0}", "Caso {0}"),
    "choice": ("Multiple choice {0}", "Auswahlfrage {0}", "Choix multiple {0}", "Opción múltiple {0}"),
    "cloze": ("Cloze {0}", "Lückentext {0}", "Texte à trous {0}", "Texto con huecos {0}"),
    "untitled": ("Cards", "Karten", "Cartes", "Tarjetas"),
    "hint": ("Hint", "Hinweis", "Indice", "Pista"),
    "answer": ("Show answer", "Antwort zeigen", "Voir la réponse", "Ver la respuesta"),
    "verdict": ("Show verdict", "Urteil zeigen", "Voir le verdict", "Ver el veredicto"),
    "reasoning": ("Show reasoning", "Begründung zeigen", "Voir le raisonnement", "Ver el razonamiento"),
    "first": (
        "Your verdict first",
        "Erst dein Urteil",
        "D’abord votre verdict",
        "Primero tu veredicto",
    ),
    "own": ("In my own words", "In eigenen Worten", "Avec mes mots", "Con mis palabras"),
    "compare": ("Compare", "Vergleichen", "Comparer", "Comparar"),
    "yes": ("Yes", "Ja", "Oui", "Sí"),
    "no": ("No", "Nein", "Non", "No"),
    "said": ("You said: {0}", "Du sagtest: {0}", "Vous avez dit : {0}", "Dijiste: {0}"),
    "same": (
        "Does it agree with yours?",
        "Stimmt es mit deinem überein?",
        "Est-ce le vôtre ?",
        "¿Coincide con el tuyo?",
    ),
    "agrees": ("Agrees", "Stimmt überein", "C’est le mien", "Coincide"),
    "differs": ("Differs", "Weicht ab", "C’est un autre", "Difiere"),
    "retry": ("Try again", "Noch einmal", "Réessayer", "Otra vez"),
    "score": ("Score: {0} of {1}", "Ergebnis: {0} von {1}", "Score : {0} sur {1}", "Resultado: {0} de {1}"),
    "open": ("{0} to go", "{0} offen", "{0} à faire", "faltan {0}"),
    "pick-one": ("Choose one.", "Wähle eine.", "Choisissez-en une.", "Elige una."),
    "pick-several": (
        "Choose all that are right.",
        "Wähle alle richtigen.",
        "Choisissez toutes les bonnes.",
        "Elige todas las correctas.",
    ),
    "check": ("Check", "Prüfen", "Vérifier", "Comprobar"),
    "right": ("Right", "Richtig", "Juste", "Correcto"),
    "wrong": ("Wrong", "Falsch", "Faux", "Incorrecto"),
    "missed": ("Right, not chosen", "Richtig, nicht gewählt", "Juste, pas choisi", "Correcto, no elegido"),
    "solution": ("Right: {0}", "Richtig: {0}", "Juste : {0}", "Correcto: {0}"),
    "gap": ("Show gap {0}", "Lücke {0} zeigen", "Voir le trou {0}", "Ver el hueco {0}"),
    "gaps": ("Show all gaps", "Alle Lücken zeigen", "Voir tous les trous", "Ver todos los huecos"),
    "table": ("Table {0}", "Tabelle {0}", "Tableau {0}", "Tabla {0}"),
    "code": ("Code {0}", "Code {0}", "Code {0}", "Código {0}"),
    "formula": ("Formula {0}", "Formel {0}", "Formule {0}", "Fórmula {0}"),
    "picture": ("Picture", "Bild", "Image", "Imagen"),
    "sound": ("Sound", "Ton", "Son", "Sonido"),
    "source": ("Source", "Quelle", "Source", "Fuente"),
    "lesson": ("Lesson", "Lektion", "Leçon", "Lección"),
    "again": ("Again", "Nochmal", "À revoir", "Otra vez"),
    "good": ("Good", "Gewusst", "Sue", "Bien"),
    "shuffle": ("Shuffle", "Mischen", "Mélanger", "Mezclar"),
    "close": ("Close", "Schließen", "Fermer", "Cerrar"),
    "left": ("{0} left", "noch {0}", "encore {0}", "quedan {0}"),
    "done": ("Nothing is left: you know them all.", "Alles gewusst.", "Vous les savez toutes.", "Te las sabes todas."),
    "restart": ("Start again", "Von vorn", "Recommencer", "Empezar de nuevo"),
    "save": ("Save progress", "Fortschritt sichern", "Enregistrer les progrès", "Guardar el progreso"),
    "forget": ("Forget progress", "Fortschritt vergessen", "Oublier les progrès", "Olvidar el progreso"),
    "forgotten": ("Progress forgotten.", "Fortschritt vergessen.", "Progrès oubliés.", "Progreso olvidado."),
    "undo": ("Undo", "Rückgängig", "Annuler", "Deshacer"),
    "kept": (
        "Progress is kept in this browser only.",
        "Der Fortschritt bleibt nur in diesem Browser.",
        "Les progrès restent dans ce navigateur.",
        "El progreso se guarda solo en este navegador.",
    ),
    "keys": (
        "The / key goes to the search",
        "Die Taste / führt zur Suche",
        "La touche / mène à la recherche",
        "La tecla / lleva a la búsqueda",
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one page, escaped. ``lang`` is an attribute that says so where they are not in its language."""

    column: int
    lang: str
    isolated: bool = False
    """Whether they run against the page's direction, so that their punctuation must be kept with them."""

    def __call__(self, key: str, *values: object) -> str:
        """A phrase with its values filled in, as HTML or an attribute's value."""
        return _said(self._phrase(key), values)

    def raw(self, keys: Iterable[str]) -> dict[str, str]:
        """Phrases by key as they are, for the script."""
        return {key: self._phrase(key) for key in keys}

    def _phrase(self, key: str) -> str:
        phrase = _TABLE[key][self.column]
        return f"\u2066{phrase}\u2069" if self.isolated else phrase

    def count(self, cards: int) -> str:
        """So many cards."""
        return self("card") if cards == 1 else self("cards", cards)


@lru_cache(maxsize=1 << 12)
def _said(phrase: str, values: tuple[object, ...]) -> str:
    """Thousands of cards say the same few phrases."""
    return escape(phrase).format(*(escape(str(value)) for value in values))


def words_in(language: str) -> Words:
    """The words for a page in a language (BCP 47); English ones where the page does not speak it."""
    primary = _primary(language)
    known = primary in _LANGUAGES
    if known:
        return Words(_LANGUAGES.index(primary), "")
    return Words(0, ' lang="en"', direction(language) == "rtl")


def tag(language: str) -> str:
    """A language tag as an attribute's value; ``en`` for what is none (BCP 47)."""
    return language.replace("_", "-") if _TAG.fullmatch(language) else "en"


def direction(language: str) -> str:
    """Which way a language is written: ``ltr`` or ``rtl``."""
    return "rtl" if _primary(language) in _RIGHT_TO_LEFT else "ltr"


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
