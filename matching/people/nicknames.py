"""Short forms of given names: "Bill" may be William, "Kasia" Katarzyna. Folded to ASCII, as all words here.

English ones come from the `nicknames` data set; those of other languages, which it lacks, stand below.
"""

from collections.abc import Mapping
from functools import cache

from nicknames import name_triplets

# Each line: a whole name, and its short forms.
_SHORT_FORMS = """
abraham bram
agnieszka aga
aikaterini katerina
alberto beto
aleksandra ola sasha
alessandra ale sandra
alessandro ale sandro
alexander alex sasha xander lex
alexandra alex sandra sasha
alexandre alex sacha
anastasiia nastia
anatolii tolik
andreas andi andy
andrzej jedrek
anna ania anya anka annie
antonino nino
antonio toni antonello nino tonio tono
athanasios thanasis thanos
barbara basia babsi barb
bartlomiej bartek
bartosz bartek
beatriz bia bea
benedikt bene
benjamin ben benni
benoit ben
birgit biggi
carlos charly carlitos
caroline caro
christian chris
christoph chris
christina chris tina
christopher topher
concepcion concha conchita
consuelo chelo
cornelis kees
daniel dani dan
daniela dani
daria dasha
dimitrios mitsos
dmitri dima mitya
dmytro dima mytia
dolores lola
dominik domi
eduarda duda
eduardo lalo edu dudu
ekaterina katya katia
elena lena
elisabeth lisa elli sissi betty lisbeth
emmanuel manu
enrique quique kike
esperanza espe
evangelos vangelis
evgenii zhenya
federica fede
federico fede
ferenc feri
fernanda nanda
fernando nando
filippo pippo
florian flo
francesca franci
francesco franco ciccio
francisco paco pancho chico fran curro
franziska franzi
frederic fred
fredrik fredde
friedrich fritz
gabriela gaby gabi
gabriele gabi
georg schorsch
gerhard gerd
giovanni gianni nanni
giuseppe beppe peppe pino
gregor greg
grzegorz grzesiek
guadalupe lupe
guillermo memo guille
gustavo guga
harpreet harry preet
heinrich heinz heiner
hendrik henk rik
henryk heniek
ibrahim ibo
ignacio nacho
iryna ira
isabel isa chabela
istvan pista
jacob jaap sjaak
jakub kuba
jan janek honza janne
javier javi
jesus chuy suso
jiri jirka
joanna asia joasia
joaquin quino
johann hans
johanna hanna jo
johannes hans jan joop hannes
jose pepe ze
josef sepp pepa beppo
josefa pepa fina
juan juanito
katarzyna kasia
katerina katka katia
kateryna katia katya
katharina kathi kati kathy
karl kalle
konstantinos kostas costas dinos
krzysztof krzysiek
lakshmi laks
lars lasse
laszlo laci
leonardo leo
leticia lety
ludwig lutz
luigi gigi
luis lucho
magdalena magda lena
malgorzata gosia
manfred manni
manuel manolo manu
manuela manu
margarete grete gretel greta
margarita marga
maria mari masha maruja ma
mateusz mati
matthias matze matti hias
mattias matte
maximilian max maxi
maxime max
mehmet memo memet
mercedes merche
michael michi
michal michas
miguel migue
mikael micke
mikhail misha
mohamed mo moh md mohd
mohammed mo moh md mohd
montserrat montse
muhammad mo md mohd
monika moni
mykhailo misha
mykola kolia kolya
nataliia natasha nata
natalia natasha nati
nicolas nico
nicolaas klaas nico
nikolai kolya
nikolaos nikos
nikolaus niko klaus
nils nisse
oleksandr sasha oleks
oleksii lesha oleksa
olena lena
olga olya
olha olia olya
panagiotis panos takis
patricia paty pati
per pelle
philipp phil flip
pieter piet
pilar pili
piotr piotrek
rafael rafa
rajesh raj
rajendra raj
ricardo rick ricky
roberto beto robi
rosario charo
salvatore toto
santiago santi
sebastian basti seba bastian
sebastien seb
sergio checo
sofia sofi zosia
sofiia sonia
sophie soph
spyridon spyros spiros
stanislaw staszek
stefan steff steffen
stefanie steffi
stephane steph
stephanie steph
susanne susi sanne
teresa tere
tetiana tania
theresa resi
thomas tom tommy
tobias tobi
tomasz tomek
ulrich uli
ulrike ulli uli
ursula uschi ulla
valentina vale
veronica vero
veronika vroni
veronique vero
viacheslav slava
vladimir vova volodya
volodymyr vova volodia
wilhelm willi
willem wim
wojciech wojtek
wolfgang wolfi wolf
yevhen zhenia
yurii yura
zofia zosia
zoltan zoli
"""


@cache
def nicknames() -> Mapping[str, list[str]]:
    """Return one row per (short, whole) pair of words, each in both directions: said, carried."""
    pairs = {
        (one.name1.lower(), one.name2.lower())
        for one in name_triplets()
        if one.relationship == "has_nickname"
    }
    for line in _SHORT_FORMS.split("\n"):
        whole, *short = line.split() or [""]
        pairs |= {(whole, form) for form in short}
    both = sorted({*pairs, *((b, a) for a, b in pairs)})
    return {"said": [one for one, _ in both], "carried": [other for _, other in both]}
