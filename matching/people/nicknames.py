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
antonio toni antonello nino tonio
barbara basia babsi
bartlomiej bartek
bartosz bartek
beatriz bia
benjamin ben benni
benoit ben
birgit biggi
carlos charly carlitos
caroline caro
christian chris
christoph chris
christina chris tina
concepcion concha conchita
cornelis kees
daniel dani dan
daria dasha
dmitri dima mitya
dmytro dima mytia
dolores lola
eduarda duda
eduardo lalo edu dudu
ekaterina katya katia
elena lena
elisabeth lisa elli sissi betty
emmanuel manu
enrique quique kike
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
gabriele gabi
giovanni gianni nanni
giuseppe beppe peppe pino
gregor greg
grzegorz grzesiek
guadalupe lupe
guillermo memo guille
gustavo guga
harpreet harry preet
hendrik henk rik
henryk heniek
ibrahim ibo
ignacio nacho
iryna ira
istvan pista
jacob jaap sjaak
jakub kuba
jan janek honza janne
javier javi
jesus chuy
jiri jirka
joanna asia joasia
johanna hanna jo
johannes hans jan joop hannes
jose pepe ze
josef sepp pepa beppo
juan juanito
katarzyna kasia
katerina katka katia
kateryna katia katya
katharina kathi kati kathy
karl kalle
krzysztof krzysiek
lakshmi laks
lars lasse
laszlo laci
leonardo leo
luigi gigi
magdalena magda lena
malgorzata gosia
manuel manolo manu
manuela manu
maria mari masha maruja
mateusz mati
matthias matze matti hias
mattias matte
maximilian max maxi
maxime max
mehmet memo memet
mercedes merche
michal michas
mikael micke
mikhail misha
mohamed mo moh
mohammed mo moh
muhammad mo
monika moni
mykhailo misha
mykola kolia kolya
nataliia natasha nata
natalia natasha nati
nicolas nico
nicolaas klaas nico
nikolai kolya
nikolaus niko klaus
nils nisse
oleksandr sasha oleks
oleksii lesha oleksa
olena lena
olga olya
olha olia olya
per pelle
philipp phil flip
pieter piet
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
stanislaw staszek
stefan steff steffen
stefanie steffi
stephane steph
stephanie steph
susanne susi sanne
tetiana tania
thomas tom tommy
tomasz tomek
ulrich uli
ulrike ulli uli
valentina vale
veronique vero
viacheslav slava
vladimir vova volodya
volodymyr vova volodia
wilhelm willi
willem wim
wojciech wojtek
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
