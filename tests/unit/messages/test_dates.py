"""A day, a time or a deadline is found however it is written, and what is none is left alone."""

from __future__ import annotations

import pytest

from omtanke.messages.dates import dates_in

SAYS_A_DATE = """
Hos dig den 28 november.
Leverans 28 nov.
Vi ses den 1:a december
Kommer den 28:e.
Leverans fredag.
Skorna är framme på fredag
senast fredag 28 november
Senast tisdagen den 2 december
Du får det på lör
Leverans tis 2/12
Hos dig 2026-11-28
Hemma 28/11
framme 3/12
Hos dig 28.11.2026
Leverans 28/11-26
Senast 20261128
Paketet kommer i morgon.
Paketet kommer imorgon
Vi hör av oss i kväll
Hos dig i övermorgon
Det är hemma före helgen
Kommer till helgen
Nästa vecka är det hos dig
Hos dig innan jul
Kommer vecka 48
Leverans v. 49
Hos dig inom 3 dagar
Hos dig inom tre dagar
om 2–4 vardagar
Det tar tre till fem vardagar
Leveranstid 2-4 dagar
Svar inom 24 timmar
Vi svarar inom en timme
om en vecka
om ett par dagar
Det dröjer två veckor
Länken gäller i 30 dagar
högst 48 timmar
Beställ före kl. 14
Beställ före 14.00
Beställ senast 14
Klockan 17 kommer vi
mellan 17 och 19.
mellan kl. 17 och 19
Vi ringer 17.00–19.00
Vi ringer vid 14:30
i slutet av månaden
i december
under november 2026
tjugoåttonde november
tjugoåtta november
den första december
inom ◇ dagar
◇ december
It arrives on 28 November
It arrives on November 28
Nov 28th
the 28th of November
the 28th
the twenty-eighth of November
November twenty-eight
by Friday
on Friday 28 November
Delivery Friday
by Fri
Fri 28
It comes tomorrow
with you today
next week
before the weekend
by the end of the month
by Christmas
within 3 days
within three working days
3-5 business days
in a couple of days
in 24 hours
It takes two to four days
allow up to 5 working days
next-day delivery comes in one day
valid for 30 days
within ◇ days
by 2 pm
at 2.30pm
by 14:00
before 14.00
by noon
between 5 and 7.
at 5 o'clock
half past two
3 May
May 3
by May 3rd
in May
3 may.
11/28/2026
2026-11-28
28-11-2026
same day
Ditt paket levereras i början av nästa vecka
Räkna med leverans under vecka 49
Vi skickar det senast på måndag
Leverans: 1-3 arbetsdagar
Du har pengarna inom 5 bankdagar
Du får svar inom ett dygn
Vi ringer dig om en halvtimme
Vi ringer om en kvart
Erbjudandet gäller t.o.m. 30 november
Gäller till och med söndag
Gäller t.o.m. 30/11
Det är framme den tjugoåttonde
Hos dig på tisdag eller onsdag
Kommer imorgon förmiddag
Levereras på morgonen den 3:e
Senast kl 12 idag
Leverans ca 3 dgr
Det dröjer några dagar
Kommer om någon vecka
Kommer nästkommande torsdag
Skickas samma dag
Du har två veckor på dig
Giltig i 14 dagar
Vi återkommer innan dagens slut
Klart före årsskiftet
Vi hörs före lunch
Hämta inom sju dagar
Paketet ligger kvar i 14 dagar
fram till 24 december
lördagen den 5
om 48h
kl 17-19
mellan 17:00-19:00
Hemma till julafton
It ships in 1-2 days
Arrives within the week
With you in no more than three days
by end of day Tuesday
Delivery in 24h
48-hour delivery
Arrives early next week
before Xmas
by the 5th
on 5/12
Order before 2pm
by midday
this Friday
in a week's time
in ten minutes
we will call in half an hour
until 30 Nov
the offer ends Sunday
valid through December 24
later today
in the next few days
a week from today
Dec. 24
24th Dec
2 p.m.
at two o'clock
in early December
two weeks from now
within a fortnight
by Wednesday week
3 to 5 days
overnight delivery
tomorrow's delivery
8am-10am
Vi skickar den på tisdag morgon
Leverans sker inom två arbetsdagar
Du kan vänta dig paketet kring den 12 december
Allt ska vara klart till på lördag
Din tid är torsdag kl. 9.15
Räkna med 2 till 3 dagar
Hämtas senast söndag kväll
Levereras runt lunchtid på måndag
Ta med den före den 1/12
Väntetiden är cirka 20 minuter
Vi öppnar igen den 7 januari
Erbjudandet gäller hela veckan
Rabatten gäller fram till midnatt
Vi behöver ungefär en vecka
Den kommer dagen före julafton
Paketet väntar hos ombudet i sju dagar
Ankommer: 2026.12.03
tis 24 nov kl 10
Du får den imorrn
Hör av oss under dagen
Under eftermiddagen kommer budet
Hos dig ikväll mellan 18-21
Redan i eftermiddag
Your parcel will be here on Tuesday morning
Expect it around December 12
It should be with you in around a week
Collect it by Sunday evening
Please allow 14 days
The code works until midnight
Offer valid all week
We open again on January 7
There in two shakes, Thursday at the latest
Delivery slot 18:00-21:00
Arriving 03/12/2026
ETA 3 Dec
Between 6pm and 9pm tonight
You have 14 days to collect it
within the next hour
by early next week
this coming Monday
no later than the twelfth
It will be there in a day or two
during the afternoon
before your birthday on the 3rd
""".strip().splitlines()
# However it is spaced, hidden or written.
SAYS_A_DATE += [
    "28\u00a0november",
    "28\u2009november",
    "\uff12\uff18 november",
    "2\u200b8 november",
    "28\u00adnovember",
    "28\nnovember",
    "fre\u0301dag".replace("\u0301", "\u200d"),
    "lo\u0308rdag",
]
NO_DATE = """
Hej Maja, tack för din beställning.
Order 10482 är betald: 1 499 kr.
Order 2026-4711 är betald.
Vi har öppet måndag–fredag 10–19, lördag 10–16.
Öppettider: vardagar 8–17
Öppet alla dagar 9.00–21.00
Opening hours: Mon–Fri 10:00–18:00
We are open Monday to Friday, 9 am to 5 pm.
Ring oss på 08-12 34 56 eller 070-174 06 05.
Storgatan 12, 411 07 Göteborg
Du har 30 dagars öppet köp.
You have a 30-day return right.
Ditt löfte: ◈
Hos dig ◈.
It will be with you ◈.
Order ◈ and it is there ◈.
Storlek 38/40, 2 par
2 × ◇
Pris 149,00 kr
Pris 14.00 kr, från 12.50 kr
From £14.00 to £20.00
Rabatten är 20 procent, 1/2 liter mjölk
Trevlig helg!
Have a lovely weekend!
Trevlig fredag!
Svara med ett klick, det tar en halv minut.
One question, one click.
You may return them in any store.
You may 2 of you come along
Vi finns här 24/7.
Black Friday-reglerna gäller inte dig.
Kund hos oss sedan 2019
Vi har funnits i 20 år.
God morgon Maja!
Välkommen till vår butik
Vi hör av oss så snart vi vet mer.
De är i skick som nya, och augustikänslan är kvar.
Marschera gärna förbi. We march on. March on with us.
På måndagar bakar vi bullar.
Den 30 procent större skon
Version 2.50 av appen
Den går på 4 hjul
Betyg 3 av 5
The sun and the sat nav
May one of us call you?
May a friend collect it?
Svara med en siffra mellan 1 och 5.
Choose a number between 0 and 10.
Appen v2 är här.
Betyget blev 4/5.
Fri frakt till din butik
Maj-Britt hälsar
En vecka i fjällen kräver bra skor.
Batteriet räcker 24 timmar.
Lördagsgodis och fredagsmys
Skor för 10 km och 2 mil
A pair of size 10 and two pairs of socks
Vi ses i butiken
Ha en riktigt fin helg!
You can reach us from 2 stores
Sex par strumpor och en mössa
Om en kollega hör av sig
En dag att minnas är på väg
Vi har skickat 3 paket
Tack för 10 år tillsammans
Betala med Swish 123 456 78 90
Rabattkod JUL24
Storlek M, 2 st à 149 kr
Köp 3 betala för 2
Från 199 kr till 299 kr
Läs mer om våra 5 bästa tips
Vi finns på 12 orter
Order 12-34
Paketet väger 2,5 kg
Tre i rad
Du har 2 nya meddelanden
En gång om året
Jag har varit här i tre år
Ring 0771-33 33 10
Klubb med 5 % bonus
Vecka för vecka blir det bättre
Skor för alla dagar
Handla dygnet runt
Tack för en fin dag!
Timmarna går fort i butiken
Sportdagar för barn
5 av 5 stjärnor
Passar för 3–5 personer
Från 2 till 4 personer
Size 8 to 10
One in three customers
We have been here for 20 years
Call us on 020 7946 0123
Save 20% on 2 pairs
It weighs 2.5 kg
Pay in 3 parts
All day comfort
Made for every day
A day to remember
24-hour battery
You have 2 new messages
Thanks for a great day out
The March collection
Second-hand shoes
First of all, thank you
Hej! Två par strumpor ligger i lådan
Vi har 12 butiker i Sverige
Det tog oss en dag att packa
Välj mellan 2 färger
Dagens fynd finns i butiken
Vi är glada att du handlade hos oss
En liten hälsning från Umeå
Minst 20 procent ull
Tvätta i 30 grader
Två dagar i fjällen kräver bra skor
Svara med ja eller nej
Du är nummer 12
Använd kod 4711
Mer än 1 000 kunder
Håller värmen i timmar
Wash at 30 degrees
Two pairs of socks
You are number 12
More than 1,000 customers
Keeps you warm for hours
Choose between 2 colours
Made in Sweden since 1920
Twelve stores in Sweden
Use code 4711
At least 20 percent wool
A note from Umeå
""".strip().splitlines()


@pytest.mark.parametrize("text", SAYS_A_DATE)
def test_date_is_found(text: str) -> None:
    assert dates_in(text) != []


@pytest.mark.parametrize("text", NO_DATE)
def test_what_says_no_date_is_left_alone(text: str) -> None:
    assert dates_in(text) == []
