"""Rules of tone find what they say, and leave good sentences alone."""

from __future__ import annotations

import pytest

from omtanke.messages.tone.rules import KINDS, slips, tone_rules

BAD = {
    "sv": [
        ("Vi stänger om fem minuter.", "closing-time"),
        ("Du måste logga in.", "work"),
        ("Tyvärr kan vi inte hjälpa dig.", "refusal"),
        ("Enligt vår policy går det inte.", "internal-words"),
        ("Svara inte på detta mejl.", "no-reply"),
        ("Som du säkert vet har vi flyttat.", "belittling"),
        ("Bästa kund!", "cold"),
        ("Missa inte vår rea!", "pressure"),
        ("Vi svarar så snart som möjligt.", "empty"),
        ("Eftersom du inte hämtade paketet", "blame"),
        ("Vi ber om ursäkt för eventuella olägenheter", "refusal"),
        ("Ditt ärende har eskalerats.", "internal-words"),
    ],
    "en": [
        ("We close in five minutes.", "closing-time"),
        ("You must log in.", "work"),
        ("Unfortunately, we cannot help you.", "refusal"),
        ("As per our policy that stays.", "internal-words"),
        ("Please do not reply to this email.", "no-reply"),
        ("As you know, we have moved.", "belittling"),
        ("Dear valued customer,", "cold"),
        ("Don't miss out on our sale!", "pressure"),
        ("We will answer as soon as possible.", "empty"),
        ("Because you didn't collect it", "blame"),
        ("We apologise for any inconvenience this may have caused.", "refusal"),
        ("Your ticket has been escalated.", "internal-words"),
    ],
}
GOOD = {
    "sv": """
Hej, välkommen! Vi stänger om fem minuter, men vi hinner hjälpa dig.
Vi stänger snart men kom gärna in.
Du behöver inte göra något.
Du måste inte bestämma dig nu.
Det var vi som gjorde fel. Det är inte ditt fel.
Förlåt, det blev fel hos oss.
Vi skickar rätt storlek, och du behåller priset du betalade.
Vi hämtar den andra hos dig.
Svara på det här mejlet, så hjälper vi dig.
Ring oss gärna om det är enklare.
Hör gärna av dig, vi läser varje svar.
Skicka gärna en bild, så ser vi vad som hänt.
Skriv gärna några rader om hur det gick.
Det är självklart att du får pengarna tillbaka.
Vi håller koll på paketet åt dig.
Vi tar kontakt med transportören och skriver till dig.
Vi har pratat med PostNord åt dig.
Vi tittar på det nu och ringer dig.
Kunden före dig fick samma fråga.
Din storlek finns kvar i butiken.
Så snart vi vet mer skriver vi.
Tack för att du väntade på oss.
Tack för att du sa till.
Kära Maja, grattis till loppet!
Ha det fint!
Jag är här som vikarie men hjälper dig gärna.
Du glömde inget, allt kom med.
Den är slut just nu, men den kommer tillbaka.
Du får pengarna samma väg som du betalade.
Valde du fel storlek? Vi byter den.
Säg ditt ordernummer, så hämtar vi det.
Systemkameran är packad.
Policyn står på vår sida om du vill läsa den.
Vill du inte ha fler sådana här mejl räcker ett klick.
""".strip().splitlines(),
    "en": """
Hello, welcome! We close in five minutes, but there is time to help you.
We are closing soon, but do come in.
There is nothing that you need to do.
You must not worry about this.
It was we who got it wrong. It is not your fault.
We are sorry; we got this wrong.
We will send the right size, and you keep the price that you paid.
We will collect the other one from your home.
Answer this letter and we will help you.
Do call us if that is easier.
We read every answer.
Could you send us a picture, so that we see what happened?
Thank you for waiting for us.
Thank you for telling us.
Kind regards, Sara
Your size is still in the store.
We will write when we know more.
We have spoken to the carrier for you.
We are looking into it and will call you.
It is sold out just now, and it will come back.
You get the money back the way you paid.
Is the size wrong? We will change it.
You should have a letter from the carrier.
Just tell us, and we will change it.
I am standing in for a colleague and am glad to help.
Hello Maja, congratulations on the race!
You can stop these letters with one click.
Your order number is on the parcel; we have it too.
The policy is on our page if you would like to read it.
We close the store for the summer party.
You have not been charged.
The system camera is packed.
Last but not least, the socks.
""".strip().splitlines(),
}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_language_has_rules_of_every_kind(language: str) -> None:
    rules = tone_rules(language)
    assert len(rules) >= 60
    assert {rule.kind for rule in rules} == set(KINDS)


@pytest.mark.parametrize(("language", "n"), [(language, n) for language in ("sv", "en") for n in range(len(tone_rules(language)))])
def test_rule_finds_its_example(language: str, n: int) -> None:
    rule = tone_rules(language)[n]
    assert rule.pattern.search(rule.example)
    assert rule.kind in {slip.kind for slip in slips(rule.example, language)}
    assert rule.why.endswith(".")


@pytest.mark.parametrize(("language", "text", "kind"), [(language, *one) for language, found in BAD.items() for one in found])
def test_bad_sentence_is_found(language: str, text: str, kind: str) -> None:
    assert [slip.kind for slip in slips(text, language)] == [kind]


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, found in GOOD.items() for text in found])
def test_good_sentence_is_left_alone(language: str, text: str) -> None:
    assert list(slips(text, language)) == []
