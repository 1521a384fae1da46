#!/usr/bin/env python3
"""The n-gram hash of docs/model-format.md, written again from its description: prints the values n_grams_test.cpp pins."""
MASK = (1 << 64) - 1
MULTIPLIER, WORDS, CHARACTERS = 0x9FB21C651E98DF25, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
NEGATED = 0xD6E8FEB86659FD93


def step(value, item):
    value = ((value ^ item) * MULTIPLIER) & MASK
    return value ^ (value >> 32)


def finish(value):
    value ^= value >> 29
    value = (value * 0xBF58476D1CE4E5B9) & MASK
    return value ^ (value >> 32)


def fold(seed, items):
    for item in items:
        seed = step(seed, item)
    return seed


def word_n_gram(*tokens):  # from the newest token back to the oldest
    return finish(fold(WORDS, [fold(WORDS, map(ord, token)) for token in reversed(tokens)]))


def negated(token):
    return finish(step(NEGATED, fold(WORDS, map(ord, token))))


def character_n_gram(text):
    return finish(fold(CHARACTERS, map(ord, text)))


for tokens in (["a"], ["charged"], ["charged", "twice"], ["é"], ["洗"], ["洗", "发"], ["😀"], ["a", "b", "c"]):
    print("words", tokens, hex(word_n_gram(*tokens)))
for token in ("good", "好"):
    print("negated", token, hex(negated(token)))
for text in (" a", "ab", "é ", "洗发水", "😀😀", " abcd"):
    print("characters", repr(text), hex(character_n_gram(text)))
