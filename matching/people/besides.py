"""What people write beside their name, in a network where the name is also a sign over the door.

A trade, a kind of firm, a degree, "born": words that are hardly anybody's name. They need no counterpart in
the directory; where somebody is called so all the same, they agree as any other word.
"""

BESIDES = frozenset(
    (
        # trades and departments
        "ads", "advertising", "agence", "agencia", "agency", "agentur", "business", "coach", "community",
        "consultant", "consulting", "content", "creative", "creator", "design", "designer", "digital",
        "fotografia", "fotografie", "freelance", "freelancer", "growth", "manager", "marketing",
        "media", "office", "official", "oficial", "photography", "publicidad", "publicidade",
        "reklama", "seo", "smm", "social", "strategy", "studio", "team", "vendas", "ventas", "vertrieb",
        "werbung",
        # kinds of firms
        "corp", "eirl", "gmbh", "inc", "kg", "llc", "ltd", "ltda", "pvt", "sarl", "srl",
        # degrees, and what stands before a name
        "arq", "cpa", "dra", "esq", "frau", "habil", "herr", "lic", "llb", "llm", "med", "mtra", "mtro",
        "pmp", "profa", "rer", "shri", "smt",
        # a name from before a marriage follows
        "geb", "geborene", "nee",
    )
)  # fmt: skip
