"""The words of many languages that mark an answer, a question, a hint or a card section. Data only.

Taken in are words that mean little else where they stand: a fold's whole label, a section's title, a line's beginning.
"""

from collections.abc import Mapping

from cardforge.model import Kind

# A row for each family of languages, English first.
ANSWER = frozenset(
    "answer answers solution solutions verdict explanation "
    "antwort antworten lösung lösungen auflösung musterlösung "
    "réponse réponses corrigé correction "
    "respuesta respuestas solución soluciones resposta respostes solució "
    "risposta risposte soluzione soluzioni "
    "respostas solução soluções gabarito "
    "antwoord antwoorden oplossing oplossingen "
    "odpowiedź odpowiedzi rozwiązanie rozwiązania "
    "odpověď odpovědi řešení odpoveď odpovede riešenie "
    "ответ ответы решение решения відповідь відповіді рішення отговор отговори одговор odgovor odgovori rješenje "
    "svar svaret svaren lösningen facit løsning løsningen fasit "
    "vastaus vastaukset vastauksen ratkaisu ratkaisun vastus atbilde atsakymas "
    "cevap cevaplar cevabı yanıt yanıtlar yanıtı çözüm çözümü "
    "απάντηση απαντήσεις λύση λύσεις "
    "תשובה תשובות התשובה פתרון הפתרון "
    "الإجابة الاجابة إجابة اجابة الإجابات الجواب جواب الحل حل "
    "پاسخ پاسخ‌ها جواب راه‌حل جوابات "
    "उत्तर जवाब हल समाधान "
    "jawaban solusi pembahasan "
    "đáp án giải trả lời "
    "răspuns răspunsul răspunsuri soluție soluția "
    "válasz válaszok megoldás megoldások megoldása".split()
)
SHOWING = frozenset(
    "show reveal see view check click open expand "
    "zeigen anzeigen einblenden aufdecken ansehen aufklappen zeige "
    "afficher voir montrer révéler dévoiler cliquer "
    "ver mostrar revelar desplegar veure mostra "
    "vedi visualizza rivela "
    "exibir "
    "toon tonen bekijk bekijken "
    "pokaż zobacz wyświetl "
    "zobrazit ukázat zobraziť ukáž "
    "показать посмотреть открыть показати переглянути відкрити покажи prikaži "
    "visa vis se "
    "näytä katso näita "
    "göster gör görüntüle "
    "εμφάνιση δείξε προβολή δες "
    "הצג הראה הצגת "
    "عرض إظهار اظهر أظهر شاهد "
    "نمایش مشاهده دیدن دکھائیں "
    "दिखाएं दिखाएँ दिखाओ देखें "
    "lihat tampilkan buka "
    "hiện xem "
    "arată vezi afișează "
    "mutat mutasd megjelenítése megtekintése".split()
)
FILLER = frozenset(
    "the a to me sample full model for here la le les l el las los die das den zur zum il o "
    "correct correcte correcta ici az câu de het".split()
)
HINT = frozenset(
    "hint hints hinweis hinweise tipp tipps indice indices pista pistas suggerimento suggerimenti indizio dica dicas "
    "wskazówka podpowiedź nápověda подсказка підказка ledtråd vihje ipucu υπόδειξη רמז تلميح راهنمایی संकेत petunjuk "
    "提示 ヒント 힌트".split()
)
# Chinese, Japanese, Korean and Thai labels have no blanks between words, or particles at their end.
UNSPACED = (
    r"(?:点击|點擊|点我|查看|显示|顯示|展开|展開|参考|參考|正确|正確|标准|標準|我的)*(?:答案|解答|解析|题解|題解)(?:与|和|及|解析|说明|說明)*"
    r"|(?:模範|正しい)?(?:答え|解答|回答|正解|解説)(?:を|例)?(?:見る|みる|表示|表示する|開く|確認|確認する)?"
    r"|(?:정답|답|해답|답안|풀이|해설)(?:을|를)?(?:보기|확인|확인하기)?"
    r"|(?:ดู|แสดง)?(?:คำตอบ|เฉลย)"
)

# Titles of tables of contents, and what links back to the top of a page say.
CONTENTS = frozenset(
    "table of contents|contents|toc|menu|index|table of content|list of questions|on this page"
    "|inhaltsverzeichnis|inhalt|sommaire|table des matières|índice"
    "|tabla de contenidos|contenido|sumário"
    "|sommario|indice|inhoud|inhoudsopgave|spis treści|содержание|оглавление|зміст|目录|目錄|目次|목차|فهرس"
    "|المحتويات|תוכן העניינים|içindekiler".split("|")
)
TO_TOP = frozenset(
    "back to top|back to the top|go to top|goto top|to top|to the top"
    "|return to top|return to the top|top"
    "|up|back|scroll to top|back to table of contents|back to the table of contents"
    "|return to table of contents|back to toc|back to contents|back to index|back to menu"
    "|table of contents|jump to top|go up|back up|nach oben|zurück nach oben|zum seitenanfang"
    "|retour en haut|haut de page|volver arriba|ir arriba|volver al inicio|arriba|voltar ao topo"
    "|ir para o topo|torna su|torna all inizio|terug naar boven|naar boven|наверх|вверх|к началу"
    "|к оглавлению|вернуться к началу|вернуться наверх|回到顶部|返回顶部"
    "|返回目录|回到目录|回到頂部|トップへ戻る"
    "|先頭へ戻る|目次へ戻る"
    "|ページトップへ|맨 위로|위로|목차로".split("|")
)

# Words that open a question's or an answer's line before a colon. A longer word stands before its own beginning.
QUESTION_LINE = (
    r"Question|Q|Frage|Pregunta|Pergunta|Domanda|Vraag|Pytanie|Otázka|Вопрос|Питання|Въпрос|Pitanje"
    "|Fråga|Spørgsmål|Spørsmål"
    r"|Kysymys|Soru|Ερώτηση|שאלה|السؤال|سؤال|پرسش|प्रश्न|सवाल|Pertanyaan"
    r"|Câu hỏi|Întrebare|Kérdés|问题|問題|问|問|質問|질문|문제"
)
ANSWER_LINE = (
    r"Answer|Ans|Antwort|Réponse|Respuesta|Resposta|Risposta|Antwoord|Odpowiedź|Odpověď|Odpoveď|Ответ|Відповідь|Отговор"
    r"|Odgovor|Svar|Vastaus|Cevap|Yanıt|Απάντηση|תשובה|الإجابة|الجواب|إجابة|جواب|پاسخ|उत्तर|जवाब|Jawaban"
    r"|Đáp án|Trả lời|Răspuns|Válasz"
    r"|答案|回答|解答|答え|答|정답|대답|답|A|R"
)
SCENARIO_LINE = (
    r"Scenario|Exercise|Szenario|Fallbeispiel|Übung|Scénario|Exercice|Escenario|Ejercicio|Esercizio"
    "|Cenário|Exercício|Сценарий"
    r"|场景|情景|シナリオ|시나리오"
)

_TITLES: Mapping[Kind, str] = {
    Kind.SELF_CHECK: (
        "self-check self~check check~yourself quiz review~questions knowledge~check selbsttest selbstkontrolle "
        "lernkontrolle verständnisfragen kontrollfragen autoévaluation autoevaluación autoavaliação autovalutazione "
        "zelftest самопроверка самоперевірка 自测 自测题 自測 自測題 自我检测 小测验 セルフチェック 자가~점검 확인~문제"
    ),
    Kind.SCENARIO: "try~it~yourself scenario scenarios exercise exercises szenarien fallbeispiele",
    Kind.FLASHCARD: (
        "flashcards flash~cards flashcard cards karteikarten lernkarten cartes~mémoire fiszki флешкарты 闪卡 抽认卡 "
        "フラッシュカード 単語カード 플래시카드"
    ),
}
SECTION_TITLES: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(title.replace("~", " ") for title in titles.split()) for kind, titles in _TITLES.items()
}
"""Titles that open a card section, folded, by kind."""
