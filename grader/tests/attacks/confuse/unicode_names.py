# /// attack
# tries = "spell names with letters that are the same to Python, and reorder text"
# answer = "right"
# ///

ｓａｙ = say
ｓａｙ("unicode")
ᵢ = "‮⁦ # hidden ⁩"
Ａ = attempt("refused by name", lambda: 1 / 0)
