"""Names as people bear them: cultures with their commonest names first, and a long tail of stems and endings.

A name stands in Latin letters, with its own script after a slash where it has one; `_` is a blank. Given
names carry no gender here, and family names are of the kind that does not change with it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together. `share` is its part of the company; names are ranked, the commonest first."""

    label: str
    share: float
    countries: str
    given: str
    families: str
    stems: str = ""  # family names of the long tail: each stem with each ending
    endings: str = ""
    given_stems: str = ""  # the same for given names
    given_endings: str = ""
    family_first: bool = False  # as a name is written in its own script
    space: str = " "  # between the parts in its own script


# fmt: off
CULTURES: tuple[Culture, ...] = (
    Culture(
        "english", 0.24, "GB US IE",
        "James Emily William Sarah Thomas Olivia Robert Charlotte Daniel Elizabeth Michael Katherine"
        " Alexander Jennifer Andrew Rebecca Matthew Margaret Christopher Jessica Benjamin Samantha Joseph"
        " Victoria Edward Hannah Nicholas Abigail Samuel Grace Jonathan Rachel Richard Amelia Anthony"
        " Susan Patrick Deborah Timothy Alison Gregory Taylor Jordan Morgan Rowan",
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker"
        " White Roberts Green Hall Wood Jackson Clarke Murphy O'Brien Kelly Ryan Byrne Hughes Edwards"
        " Turner Cooper Ward Morris Baker Carter Mitchell",
        stems="Ash Black Brad Brook Chat Dal Ed East Fair Glen Hard Har Hol Kirk Lang Mar Mid New Nor Oak"
        " Pres Red Rother Shef Stan Staf Thorn Wal Wes Whit Win",
        endings="ford ton ley wood well field worth by ham combe",
    ),
    Culture(
        "german", 0.15, "DE AT CH",
        "Thomas Anna Michael Julia Andreas Laura Stefan Katharina Christian Sabine Markus Lena Tobias"
        " Johanna Alexander Petra Matthias Sophie Jürgen Claudia Florian Birgit Jörg Franziska Sebastian"
        " Heike Björn Annika Dieter Käthe Kim Robin",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer"
        " Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange"
        " Werner Krause Lehmann Köhler Groß Weiß Jäger",
        stems="Acker Alt Berg Birn Eichen Feld Grün Hart Hirsch Kalten Linden Neu Ober Ost Rosen Sand"
        " Stein Stroh Wald Wiesen",
        endings="bach berg mann thal hof brunner meier stein kamp",
    ),
    Culture(
        "spanish", 0.10, "ES MX AR CO",
        "Antonio María José Carmen Manuel Ana Francisco Laura David Cristina Javier Marta Daniel Lucía"
        " Carlos Elena Alejandro Paula Miguel Pilar Rafael Sofía Pablo Raquel Ángel Inés Sergio Rocío"
        " Andrés Nuria Íñigo Guadalupe Trinidad",
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz"
        " Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez"
        " Ramos Gil Ramírez Serrano Blanco Molina Ortega Núñez",
        stems="Alda Arri Basa Castel Echa Espi Goiko Iba Lasa Mendi Monte Olaza Ramo Sala Urru Villa",
        endings="rra nova goitia barri lobos bal",
    ),
    Culture(
        "french", 0.08, "FR BE CA",
        "Jean Marie Pierre Camille Michel Sophie Nicolas Isabelle Philippe Nathalie Julien Céline Thomas"
        " Aurélie Antoine Hélène François Élodie Mathieu Chloé Benoît Amélie Jérôme Anaïs Sébastien Léa"
        " Dominique Claude Maxime Zoé Jean-Luc Anne-Laure",
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre"
        " Michel Garcia Bertrand Roux Vincent Fournier Morel Girard Mercier Dupont Lambert Bonnet"
        " François Lefebvre Gauthier Chevalier Renault d'Amboise",
        stems="Beau Bois Chante Clair Fonte Grand Haute Mont Plan Roche Saint-Ro Val Ville",
        endings="champ neuve fort court mont vert lain",
    ),
    Culture(
        "italian", 0.06, "IT CH",
        "Giuseppe Maria Marco Francesca Andrea Giulia Luca Chiara Alessandro Laura Matteo Silvia Davide"
        " Elena Stefano Valentina Simone Federica Nicolò Alessia Lorenzo Martina Fabio Beatrice",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca"
        " Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso"
        " Ferrara Galli",
        stems="Alber Bal Bar Bella Cam Cas Del Fior Gari Mala Monta Pas Pelle Sal Vero",
        endings="tini elli ghini nari doro secchi uzzi",
    ),
    Culture(
        "portuguese", 0.05, "PT BR",
        "João Ana José Mariana Pedro Beatriz Paulo Fernanda Carlos Juliana Luís Camila Lucas Larissa"
        " Gonçalo Inês Tiago Conceição Rafael Patrícia Vítor Letícia",
        "Silva Santos Oliveira Souza Pereira Ferreira Costa Rodrigues Almeida Carvalho Gomes Ribeiro"
        " Martins Araújo Barbosa Fernandes Rocha Dias Nunes Moreira Cardoso Teixeira Gonçalves Conceição"
        " Simões Magalhães",
        stems="Al Bran Cal Car Fi Fon Lou Mon Per Que Sal Tava Ver",
        endings="deira gueiro valho seca teiro ro zedo",
    ),
    Culture(
        "dutch", 0.04, "NL BE",
        "Jan Anna Pieter Sanne Johannes Emma Willem Lotte Daan Eva Sander Femke Bram Marieke Joost Anouk"
        " Thijs Maaike Jeroen Noor",
        "Jansen Visser Bakker Smit Meijer Mulder Peters Hendriks Dekker Brouwer Dijkstra Vermeulen"
        " Kuipers Veenstra Postma Huisman Schouten Willems Verbeek Hoekstra Koster Prins",
        stems="Boer Brand Dijk Groen Haver Hoek Kolk Oost Veld Water Wester Zand",
        endings="sma man kamp veld huis stra",
    ),
    Culture(
        "nordic", 0.05, "SE NO DK FI",
        "Lars Anna Erik Ingrid Anders Astrid Johan Karin Magnus Sigrid Nils Maja Bjørn Freja Søren Elsa"
        " Håkan Linnéa Åsa Jørgen Mikael Kaisa Olav Solveig",
        "Johansson Andersson Hansen Karlsson Nilsson Olsen Eriksson Larsen Larsson Jensen Olsson Nielsen"
        " Persson Svensson Pedersen Gustafsson Kristiansen Lindberg Lindström Sørensen Bergström"
        " Østergård Virtanen Korhonen Åkesson",
        stems="Alm Björk Dahl Ek Fors Gran Hög Kvist Lund Löv Nord Rosen Söder Sten Strand Wester",
        endings="berg gren qvist lund ström mark",
    ),
    Culture(
        "polish", 0.05, "PL",
        "Piotr Anna Krzysztof Katarzyna Andrzej Małgorzata Tomasz Agnieszka Paweł Joanna Michał Ewa"
        " Marcin Magdalena Łukasz Zofia Jakub Aleksandra Wojciech Grażyna Mateusz Żaneta",
        "Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień"
        " Pawlak Sikora Walczak Baran Szewczyk Pietrzak Duda Bąk Włodarczyk Kubiak Wilk Sobczak Czarnecki",
        stems="Adam Bed Dąbr Grab Kac Klim Łuk Mar Pac Rog Stas Szym Tom Woj",
        endings="czak czyk ek iak asz uła",
    ),
    Culture(
        "turkish", 0.04, "TR DE",
        "Mehmet Ayşe Mustafa Fatma Ahmet Zeynep Ali Elif Hüseyin Emine İbrahim Merve Murat Büşra Emre"
        " Gülşen Çağlar Özge Deniz Umut Yağmur Ömer",
        "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan"
        " Çetin Kara Koç Kurt Özkan Şimşek Polat Güneş Erdoğan Bulut",
        stems="Ak Al Bay Boz Can Er Gök Kara Öz Sarı Taş Tok Yal",
        endings="taş soy kan can demir oğlu tekin",
    ),
    Culture(
        "indian", 0.06, "IN GB",
        "Rahul Priya Amit Anjali Sanjay Neha Rajesh Pooja Vikram Kavita Arjun Divya Suresh Lakshmi Anil"
        " Meera Rohan Shreya Karthik Deepa Aditya Ishita Harpreet Kiran Gurpreet",
        "Sharma Kumar Singh Patel Gupta Reddy Nair Iyer Das Joshi Verma Rao Mehta Shah Khan Menon Pillai"
        " Desai Chatterjee Mukherjee Banerjee Bose Kapoor Malhotra Agarwal Bhat Kulkarni Naidu Choudhury",
        stems="Anand Bala Chandra Dev Gopal Jaya Krishna Maha Nara Raja Rama Siva Venkata",
        endings="swamy murthy nathan samy yanan raman kumar",
    ),
    Culture(
        "chinese", 0.04, "CN SG TW",
        "Wei/伟 Fang/芳 Min/敏 Jing/静 Lei/磊 Yan/燕 Jun/军 Li/丽 Yong/勇 Juan/娟 Tao/涛 Ming/明 Chao/超"
        " Xia/霞 Ping/平",
        "Wang/王 Li/李 Zhang/张 Liu/刘 Chen/陈 Yang/杨 Huang/黄 Zhao/赵 Wu/吴 Zhou/周 Xu/徐 Sun/孙 Ma/马"
        " Zhu/朱 Hu/胡 Guo/郭 He/何 Lin/林 Gao/高 Luo/罗 Zheng/郑 Liang/梁 Xie/谢 Song/宋 Tang/唐 Deng/邓"
        " Han/韩 Feng/冯 Cao/曹 Peng/彭 Ouyang/欧阳",
        given_stems="Xiao/晓 Jia/佳 Yu/雨 Zi/子 Hao/浩 Si/思 Xin/欣 Yi/一 Jian/建 Mei/美 Wen/文 Zhi/志"
        " Rui/瑞 Shu/淑",
        given_endings="ming/明 hui/慧 yan/妍 han/涵 xuan/轩 ting/婷 wei/伟 ling/玲 chen/晨 yi/怡 jun/俊"
        " na/娜 hua/华 qing/清",
        family_first=True, space="",
    ),
    Culture(
        "korean", 0.02, "KR",
        "Jun/준 Min/민 Bora/보라 Haneul/하늘 Sora/소라",
        "Kim/김 Lee/이 Park/박 Choi/최 Jung/정 Kang/강 Cho/조 Yoon/윤 Jang/장 Lim/임 Han/한 Oh/오 Seo/서"
        " Shin/신 Kwon/권 Hwang/황",
        given_stems="Min/민 Ji/지 Seo/서 Hyun/현 Soo/수 Eun/은 Ye/예 Tae/태 Do/도 Ha/하",
        given_endings="-jun/준 -woo/우 -yeon/연 -hyun/현 -jin/진 -ah/아 -eun/은 -young/영 -min/민 -hee/희",
        family_first=True, space="",
    ),
    Culture(
        "vietnamese", 0.02, "VN",
        "Anh Minh Linh Hương Tuấn Thảo Hùng Lan Dũng Trang Long Mai Quang Hà Đức Ngọc Phúc Yến Khánh Bảo",
        "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý",
        given_stems="Thanh Minh Ngọc Thu Hoài Quốc Kim Xuân",
        given_endings="_An _Thư _Hà _Vân _Sơn _Tâm",
        family_first=True,
    ),
    Culture(
        "arabic", 0.03, "AE EG MA",
        "Mohamed/محمد Fatima/فاطمة Ahmed/أحمد Mariam/مريم Omar/عمر Layla/ليلى Youssef/يوسف Noor/نور"
        " Khalid/خالد Salma/سلمى Hassan/حسن Amina/أمينة Tariq/طارق Rania/رانيا Karim/كريم Huda/هدى"
        " Samir/سمير Yasmin/ياسمين",
        "Hassan/حسن Ali/علي Ibrahim/إبراهيم Mahmoud/محمود Khalil/خليل Mansour/منصور Haddad/حداد"
        " Nasser/ناصر Saleh/صالح Farouk/فاروق Rahman/رحمن Bakri/بكري Sharif/شريف Darwish/درويش Qasim/قاسم"
        " Najjar/نجار Masri/مصري Khoury/خوري",
        stems="Al-/ال Abdel-/عبدال",
        endings="Rashid/رشيد Hamid/حميد Nabil/نبيل Malik/مالك Aziz/عزيز",
    ),
    Culture(
        "ukrainian", 0.03, "UA",
        "Oleksandr/Олександр Olena/Олена Serhii/Сергій Iryna/Ірина Andrii/Андрій Oksana/Оксана"
        " Volodymyr/Володимир Nataliia/Наталія Dmytro/Дмитро Yuliia/Юлія Mykola/Микола Kateryna/Катерина"
        " Yurii/Юрій Sofiia/Софія Taras/Тарас Bohdan/Богдан",
        "Melnyk/Мельник Shevchenko/Шевченко Boiko/Бойко Kovalenko/Коваленко Bondarenko/Бондаренко"
        " Tkachenko/Ткаченко Kravchenko/Кравченко Koval/Коваль Oliinyk/Олійник Shevchuk/Шевчук"
        " Polishchuk/Поліщук Lysenko/Лисенко Moroz/Мороз",
        stems="Havryl/Гаврил Zahor/Загор Ivan/Іван Klym/Клим Pavl/Павл Roman/Роман Petr/Петр Dem/Дем"
        " Saven/Савен",
        endings="enko/енко iuk/юк chuk/чук uk/ук ets/ець",
    ),
)
# fmt: on

_SHORT_FORMS = (
    "William/Bill Robert/Bob James/Jim Thomas/Tom Daniel/Dan Michael/Mike Elizabeth/Liz Katherine/Kate"
    " Jennifer/Jenny Alexander/Alex Andrew/Andy Rebecca/Becky Matthew/Matt Margaret/Maggie"
    " Christopher/Chris Jessica/Jess Benjamin/Ben Samantha/Sam Joseph/Joe Victoria/Vicky Edward/Ted"
    " Nicholas/Nick Abigail/Abby Samuel/Sam Jonathan/Jon Richard/Rick Anthony/Tony Susan/Sue Patrick/Pat"
    " Deborah/Debbie Timothy/Tim Gregory/Greg Stefan/Steff Katharina/Kathi Sebastian/Basti Tobias/Tobi"
    " Johanna/Hanna Matthias/Matze Franziska/Franzi Antonio/Toni José/Pepe Francisco/Paco Javier/Javi"
    " Guadalupe/Lupe Alejandro/Álex Nicolas/Nico Julien/Juju Giuseppe/Beppe Francesca/Franci"
    " Alessandro/Ale Valentina/Vale Beatriz/Bia Fernanda/Nanda Pieter/Piet Willem/Wim Johannes/Hans"
    " Krzysztof/Krzysiek Katarzyna/Kasia Małgorzata/Gosia Agnieszka/Aga Aleksandra/Ola Oleksandr/Sasha"
    " Volodymyr/Vova Kateryna/Katia Sofiia/Sonia Mohamed/Mo Fatima/Fati Rajesh/Raj Lakshmi/Laks"
    " Harpreet/Harry Mikael/Micke"
)
# What people call themselves: given name → the short form
NICKNAMES: dict[str, str] = {
    given: short for given, _, short in (pair.partition("/") for pair in _SHORT_FORMS.split())
}
