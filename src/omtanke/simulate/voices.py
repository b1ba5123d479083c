"""What customers say, by what truly happened to them and the score they gave; the scores themselves are drawn in feelings."""

from __future__ import annotations

from random import Random

# Of the answers, how many have a comment: the unhappy write more.
COMMENTS_BY_SCORE = {1: 0.60, 2: 0.55, 3: 0.35, 4: 0.22, 5: 0.25}

GLAD, SO_SO, SAD = "glad", "so_so", "sad"
SWEDISH: dict[tuple[str, str], tuple[str, ...]] = {
    ("exceeded", GLAD): (
        "Kom en dag tidigare än ni sade, toppen!",
        "Snabbare än jag vågat hoppas.",
        "Paketet kom redan på onsdagen. Hann prova till helgen.",
        "Imponerande snabbt, tack!",
    ),
    ("kept", GLAD): (
        "Kom precis när ni sade.",
        "Smidigt hela vägen, inga konstigheter.",
        "Bra info om var paketet var.",
        "Allt stämde. Handlar gärna igen.",
        "Skorna sitter perfekt.",
        "Enkelt att hämta i skåpet på vägen hem.",
        "Tack, mamma blev jätteglad för jackan.",
    ),
    ("kept", SO_SO): ("Helt okej.", "Onödigt stor kartong.", "Kom i tid men långt till ombudet.", "Storleken var mindre än jag trodde."),
    ("kept", SAD): ("Leveransen var bra men jackan är mycket tunnare än på bilden.", "Lång kö hos ombudet.", "Fel på dragkedjan redan första dagen."),
    ("told", GLAD): (
        "Sent, men bra att ni hörde av er innan jag hann undra.",
        "Skönt att få ett nytt datum direkt. Och det höll.",
        "Förseningar händer, ni skötte det snyggt.",
    ),
    ("told", SO_SO): ("Bra att få veta, men jag hade behövt den till helgen.",),
    ("told", SAD): ("Jag ville ha den i torsdags, inte ett mejl.",),
    ("late", GLAD): ("Kom sent men allt var helt.",),
    ("late", SO_SO): ("Kom till slut.", "Två dagar för sent, annars bra.", "Varför säger ni torsdag om ni inte vet?"),
    ("late", SAD): (
        "Lovat till fredag, kom på tisdagen. Då var tävlingen över.",
        "Presenten kom efter kalaset.",
        "Fick jaga paketet själv hos ombudet.",
        "Tredje gången det blir sent till Norrland.",
        "Ingen sade något. Jag fick ringa två gånger.",
    ),
    ("waiting", SO_SO): ("Har inte fått paketet ännu, svårt att svara.",),
    ("waiting", SAD): (
        "Var är mitt paket?",
        "Har fortfarande inte fått skorna. Ingen svarar.",
        "Spårningen har stått stilla i fyra dagar.",
        "Jag väntade hemma hela kvällen och ingen kom.",
        "Ni frågar om jag är nöjd med något som inte har kommit.",
    ),
    ("store", GLAD): (
        "Så trevlig och kunnig personal!",
        "Fick prova tre par i lugn och ro.",
        "Killen i kassan mindes mig från förra gången.",
        "Bra råd om längdskidor, inte det dyraste paret.",
        "Alltid ett hej när man kommer in.",
    ),
    ("store", SO_SO): ("Bra urval, lång kö i kassan.", "Hittade det jag skulle ha."),
    ("store", SAD): ("Ingen personal på barnavdelningen.", "Väntade en kvart i provrummet på en annan storlek."),
    ("closing", GLAD): ("De stannade kvar fast det var stängningsdags, guld!",),
    ("closing", SO_SO): ("Kände mig lite stressad ut.", "Lamporna släcktes när jag provade."),
    ("closing", SAD): ("Personalen började dammsuga runt mig tio minuter före stängning.", "Kändes som att jag var i vägen."),
    ("answered", GLAD): ("Snabbt svar och löst direkt.", "Fick prata med en människa på en gång.", "Trevligt bemötande i chatten."),
    ("answered", SO_SO): ("Fick svar men behövde förklara allt igen.",),
    ("answered", SAD): ("Ett standardsvar som inte hjälpte mig.",),
    ("unanswered", SO_SO): ("Svaret kom, men för sent.",),
    ("unanswered", SAD): ("Ni lovade svara i går. Inget hände.", "Ingen ringde upp.", "Fick berätta samma sak för tre olika personer."),
    ("put_right", GLAD): (
        "Fel färg först, men rätt jacka var här två dagar senare. Tack Sara!",
        "Slapp packa tillbaka själv, så ska det gå till.",
        "Bra löst!",
    ),
    ("put_right", SO_SO): ("Bra till slut.",),
    ("put_right", SAD): ("Det borde inte ha blivit fel från början.",),
    ("put_right_late", SO_SO): ("Det tog sin tid.",),
    ("put_right_late", SAD): ("Först fel vara och sedan fick jag vänta en vecka till.", "Två löften, inget höll."),
}
ENGLISH: dict[str, tuple[str, ...]] = {
    GLAD: ("Arrived just when you said, thank you!", "Great service, friendly people.", "Easy from start to finish."),
    SO_SO: ("It was fine.", "Okay, but the box was huge."),
    SAD: ("Nobody told me it would be late.", "Still waiting and no answer.", "Not what I was promised."),
}


def mood(answer: int) -> str:
    """How a score sounds."""
    return GLAD if answer >= 4 else SO_SO if answer == 3 else SAD


def comment(rng: Random, outcome: str, answer: int, locale: str) -> str:
    """What is written beside the score; often nothing."""
    if rng.random() >= COMMENTS_BY_SCORE[answer]:
        return ""
    known = ENGLISH[mood(answer)] if locale == "en" else SWEDISH.get((outcome, mood(answer)), ())
    return rng.choice(known) if known else ""


REVIEWS = {
    GLAD: ("Precis som på bilden, sitter bra.", "Bra kvalitet för pengarna.", "Snabb leverans och fin vara.", "Köper gärna igen."),
    SO_SO: ("Okej, men inte mer.", "Lite liten i storleken.", "Helt godkänd."),
    SAD: ("Höll inte vad den lovade.", "Kom för sent till det jag behövde den för.", "Skickade tillbaka den."),
}
THIN_REVIEWS = ("Det stod inget om passformen.", "Bilden säger inte hur tunn den är.", "Hade behövt veta att den inte är vattentät.")


def review_words(rng: Random, stars: int, is_thin: bool) -> str:
    """What stands under the stars."""
    return rng.choice(THIN_REVIEWS if is_thin and stars < 5 and rng.random() < 0.6 else REVIEWS[mood(stars)])
