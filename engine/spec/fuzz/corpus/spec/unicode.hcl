ou "é" { name = "検査🔑 é" }
locals { ß = "\u00e9\U0001F511" }
