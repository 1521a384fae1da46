#!/usr/bin/env python3
"""Reads a model file and predicts, from docs/model-format.md alone: Python's standard library, none of textlambda's code.

usage: reference_predict.py MODEL.tlm            one text a line on standard input, one JSON object a line out
       reference_predict.py --check FOLDER       compares with what write_samples FOLDER --predictions wrote
       reference_predict.py --pin MODEL.tlm      a text and its row hash (16 digits) a line in, lines for --check out

Checksums are not verified: XXH3 is not in the standard library. Slow, and meant to be read.
"""

import json
import math
import pathlib
import struct
import sys
import unicodedata

MASK = (1 << 64) - 1
MULTIPLIER = 0x9FB21C651E98DF25
WORD_SEED = 0x9E3779B97F4A7C15
NEGATED_SEED = 0xD6E8FEB86659FD93
CHARACTER_SEED = 0xC2B2AE3D27D4EB4F
LONGEST_HAN = 3

SECTIONS = ["settings", "labels", "index_bases", "index_ends", "remainders", "scales", "weights", "weight_scales",
            "bias", "stop_words", "strings", "card", "sketch", "row_filter", "weight_bases", "weight_places"]
SETTINGS = struct.Struct("<4I8B4f2dBB")
SETTINGS_FIELDS = ["label_count", "feature_count", "index_groups", "weights_per_scale", "hash_bits", "index_bits",
                   "precision", "lower_case", "words_min", "words_max", "characters_min", "characters_max",
                   "scale_largest", "scale_step", "temperature", "abstain_threshold", "training_loss",
                   "training_accuracy", "negation_scope", "weight_layout"]


# ---- text

def composes(code):
    return 0x0300 <= code <= 0x036F or 0x1160 <= code <= 0x11FF or code in (0x3099, 0x309A)


def fold_ascii(code, lower_case):
    if code <= 0x20 or code == 0x7F:
        return 0x20
    return code + 32 if lower_case and 0x41 <= code <= 0x5A else code


def simple_lower(code):
    # Python knows full case mappings; the only lower-case one that differs from the simple one is that of U+0130.
    return ord("i") if code == 0x130 else ord(chr(code).lower())


def fold(code, lower_case):
    """The code point that takes the place of `code`, or None where it is dropped."""
    if code < 0x80:
        return fold_ascii(code, lower_case)
    if 0x3041 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7A3:
        return code
    if 0xFF01 <= code <= 0xFF5E:
        return fold_ascii(code - 0xFEE0, lower_case)
    if code == 0x3000:
        return 0x20
    if 0xFE00 <= code <= 0xFE0F:
        return None
    category = unicodedata.category(chr(code))
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return 0x20
    if category == "Cf":
        return None
    return simple_lower(code) if lower_case else code


def normalise(text, lower_case):
    """Valid UTF-8 as str -> list of code points, a space at both ends."""
    if any(composes(ord(character)) for character in text):
        text = unicodedata.normalize("NFC", text)
    result = [0x20]
    for character in text:
        code = fold(ord(character), lower_case)
        if code is not None and (code != 0x20 or result[-1] != 0x20):
            result.append(code)
    if result[-1] != 0x20:
        result.append(0x20)
    return result


IDEOGRAPHS = [(0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3041, 0x30FA), (0x30FC, 0x312F),
              (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F),
              (0x20000, 0x3FFFD)]


def character_class(code):
    if code < 0x80:
        if code <= 0x20:
            return "space"
        return "word" if chr(code).isalnum() else "punctuation"
    if any(low <= code <= high for low, high in IDEOGRAPHS):
        return "ideograph"
    category = unicodedata.category(chr(code))
    if category in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No"):
        return "word"
    return "space" if category in ("Cc", "Zs", "Zl", "Zp") else "punctuation"


def tokens(text):
    result, at = [], 0
    while at < len(text):
        kind, end = character_class(text[at]), at + 1
        if kind == "word":
            while end < len(text) and character_class(text[end]) == "word":
                end += 1
        elif kind == "punctuation":
            while end < len(text) and text[end] == text[at]:
                end += 1
        if kind != "space":
            result.append(text[at:end])
        at = end
    return result


# ---- n-grams

def step(value, item):
    value = ((value ^ item) * MULTIPLIER) & MASK
    return value ^ (value >> 32)


def finish(value):
    value ^= value >> 29
    value = (value * 0xBF58476D1CE4E5B9) & MASK
    return value ^ (value >> 32)


def token_hash(token):
    value = WORD_SEED
    for code in token:
        value = step(value, code)
    return value


NEGATORS = set("""not no nor never none nothing nobody neither cannot without lack lacks hardly barely dont doesnt didnt
                  cant couldnt wont aint isnt arent wasnt werent hasnt havent hadnt wouldnt shouldnt
                  不 没 沒 无 無 未""".split())
CONTRASTS = {"but", "但"}


def spellings(words):
    return {form for word in words for form in (word, word.capitalize(), word.upper())}


def negated_tokens(words, scope):
    """For each token (a string) whether it is negated."""
    left = 0
    for place, word in enumerate(words):
        contraction = place >= 2 and word in ("t", "T") and words[place - 1] in ("'", "\u2019") \
            and words[place - 2][-1] in ("n", "N")
        negated = False
        if contraction or word in spellings(NEGATORS):
            left = scope
        elif word in spellings(CONTRASTS) or word[0] in ".,;:!?\u3001\u3002":
            left = 0
        elif left > 0 and character_class(ord(word[0])) != "punctuation":
            left -= 1
            negated = True
        yield negated


def word_n_gram_hashes(text, shortest, longest, stop_words, negation_scope):
    left = [token for token in tokens(text) if token_hash(token) not in stop_words]
    hashes = [token_hash(token) for token in left]
    negated = negated_tokens(["".join(map(chr, token)) for token in left], negation_scope)
    for last, is_negated in enumerate(negated):
        value = WORD_SEED
        for count in range(1, min(longest, last + 1) + 1):  # from the last word backwards
            value = step(value, hashes[last + 1 - count])
            if count >= shortest:
                yield finish(value)
        if is_negated:
            yield finish(step(NEGATED_SEED, hashes[last]))


def is_han(code):
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFD


def character_n_gram_hashes(text, shortest, longest):
    for begin in range(len(text)):
        value = CHARACTER_SEED
        limit = min(longest, LONGEST_HAN) if is_han(text[begin]) else longest
        for end in range(begin + 1, min(begin + limit, len(text)) + 1):
            code, first = text[end - 1], end == begin + 1
            value = step(value, code)
            if end - begin >= shortest and not (code == 0x20 and first):
                yield finish(value)
            if code == 0x20 and not first:
                break


# ---- the file

class Model:
    def __init__(self, data):
        magic, version, section_count, file_size, _ = struct.unpack_from("<8sIIQQ", data, 0)
        if magic != b"\x89TLM\r\n\x1a\n" or version not in (1, 2, 3) or file_size != len(data) or (
                section_count != 14 and not (version == 3 and section_count == 16)):
            raise ValueError("not a model file of version 1, 2 or 3")
        parts = {}
        for place, name in enumerate(SECTIONS[:section_count]):
            kind, _, offset, size, _ = struct.unpack_from("<IIQQQ", data, 32 + 32 * place)
            if kind != place + 1:
                raise ValueError("damaged section table")
            parts[name] = data[offset:offset + size]
        for name, value in zip(SETTINGS_FIELDS, SETTINGS.unpack_from(parts["settings"])):
            setattr(self, name, value)

        def numbers(name, code):
            return struct.unpack(f"<{len(parts[name]) // struct.calcsize(code)}{code}", parts[name])

        places = struct.unpack_from(f"<{self.label_count + 1}I", parts["labels"])
        text = parts["labels"][4 * (self.label_count + 1):]
        self.labels = [text[places[i]:places[i + 1]].decode() for i in range(self.label_count)]
        self.width = 1 if self.label_count == 2 else self.label_count
        self.both = self.words_max > 0 and self.characters_max > 0
        self.stop_words = set(numbers("stop_words", "Q"))
        self.features = self.read_index(numbers("index_bases", "I"), parts["index_ends"], parts["remainders"])
        self.scales = [self.scale_largest * math.exp(-self.scale_step * code) for code in parts["scales"]]
        weights = numbers("weights", {0: "b", 1: "e", 2: "f"}[self.precision])
        if self.weight_layout != 0:
            weights = self.complete(weights, parts["weight_places"])
        if self.precision == 0:
            shared = numbers("weight_scales", "e")
            per_scale = self.weights_per_scale * self.width
            weights = [weight * shared[place // per_scale] for place, weight in enumerate(weights)]
        self.weights = weights
        self.bias = numbers("bias", "f")
        self.card = json.loads(parts["card"])
        self.sketch = self.read_sketch(parts["sketch"])
        self.row_filter = parts["row_filter"]

    def complete(self, levels, places):
        """Levels as if none had been left out."""
        count = len(self.scales)
        complete = [0] * (count * self.width)
        levels = iter(levels)
        if self.weight_layout == 1:
            steps = struct.unpack_from(f"<{count}H", places)
            gaps = iter(places[2 * count:])
            for feature in range(count):
                label = -1
                for _ in range(steps[feature]):
                    label += next(gaps)
                    complete[feature * self.width + label] = next(levels)
        else:
            row_bytes = (self.width + 7) // 8
            for feature in range(count):
                row = int.from_bytes(places[feature * row_bytes:(feature + 1) * row_bytes], "little")
                for label in range(self.width):
                    if row >> label & 1:
                        complete[feature * self.width + label] = next(levels)
        return complete

    def read_index(self, bases, ends, remainders):
        """Every key with its number."""
        remainder_bits = self.hash_bits + self.both - self.index_bits
        features = {}
        for bucket, end in enumerate(ends):
            base = bases[bucket // 16]
            begin = 0 if bucket % 16 == 0 else ends[bucket - 1]
            for number in range(base + begin, base + end):
                features[bucket << remainder_bits | remainders[number]] = number
        return features

    def read_sketch(self, part):
        if not part:
            return None
        sketch, at = {}, 0
        for name, count in (("documents", 1), ("coverage", 128), ("confidence", 128), ("length", 64),
                            ("predicted", self.label_count), ("training", self.label_count)):
            sketch[name] = struct.unpack_from(f"<{count}I", part, at)
            at += 4 * count
            if name not in ("documents", "training") and sum(sketch[name]) != sketch["documents"][0]:
                raise ValueError(f"the sketch's {name} counts do not add up")
        if at != len(part):
            raise ValueError("sketch of the wrong size")
        return sketch

    def trained_on(self, row_hash):
        if not self.row_filter:
            return False
        seed, _, length = struct.unpack_from("<QII", self.row_filter)
        value = finish(step(seed, row_hash))
        fingerprint = (value ^ (value >> 32)) & 0xFFFF
        for block in range(3):
            turned = (value << 21 * block | value >> (64 - 21 * block)) & 0xFFFFFFFF
            place = block * length + (turned * length >> 32)
            fingerprint ^= struct.unpack_from("<H", self.row_filter, 16 + 2 * place)[0]
        return fingerprint == 0

    def bins(self, text):
        """Where a document stands in the histograms of a sketch."""
        normalised = normalise(text.decode("utf-8", "replace"), bool(self.lower_case))
        found = known = 0
        for group, hashes in enumerate(self.n_gram_hashes(normalised)):
            hashes = list(hashes)
            found += len(hashes)
            known += sum(min(count, 255) for count in self.count(hashes, group).values())
        characters = min(max(len(normalised) - 2, 1), 65535)
        logits = self.logits(text)
        best = max(logits)
        others = sum(math.exp(logit - best) for place, logit in enumerate(logits) if place != logits.index(best))
        odds = -math.log(others) if others > 0 else math.inf
        return {"coverage": min(128 * known // found, 127) if found else 127,
                "confidence": 127 if odds > 11 else max(math.floor(8 * (odds + 5)), 0),
                "length": math.floor(math.log2(characters**4) if characters & (characters - 1)
                                     else 4 * (characters.bit_length() - 1))}

    def count(self, hashes, group):
        """How often each known feature occurs."""
        counts = {}
        for value in hashes:
            key = value >> (64 - self.hash_bits) | (group << self.hash_bits if self.both else 0)
            feature = self.features.get(key)
            if feature is not None:
                counts[feature] = min(counts.get(feature, 0) + 1, 255)
        return counts

    def group_terms(self, hashes, group):
        """{feature: value} of one group of n-grams, brought to length 1."""
        counts = self.count(hashes, group)
        terms = {feature: (1 + math.log(count)) * self.scales[feature] for feature, count in counts.items()}
        length = math.sqrt(sum(value * value for value in terms.values()))
        return {feature: value / length for feature, value in terms.items()} if length > 0 else {}

    def n_gram_hashes(self, normalised):
        groups = [[], []]
        if self.words_max > 0:
            groups[0] = word_n_gram_hashes(normalised, self.words_min, self.words_max, self.stop_words,
                                           self.negation_scope)
        if self.characters_max > 0:
            groups[1] = character_n_gram_hashes(normalised, self.characters_min, self.characters_max)
        return groups

    def logits(self, text):
        """Calibrated logits of a text given as bytes."""
        normalised = normalise(text.decode("utf-8", "replace"), bool(self.lower_case))
        logits = list(self.bias)
        for group, hashes in enumerate(self.n_gram_hashes(normalised)):
            for feature, value in self.group_terms(hashes, group).items():
                for label in range(self.width):
                    logits[label] += value * self.weights[feature * self.width + label]
        if self.width == 1:
            logits = [-logits[0] / 2, logits[0] / 2]
        return [logit / self.temperature for logit in logits]

    def predict(self, text):
        logits = self.logits(text)
        largest = max(logits)
        exponentials = [math.exp(logit - largest) for logit in logits]
        probabilities = [value / sum(exponentials) for value in exponentials]
        best = logits.index(largest)
        return {"label": self.labels[best], "confidence": probabilities[best],
                "abstained": probabilities[best] < self.abstain_threshold, "probabilities": probabilities}


# ---- commands

def check(folder):
    compared = 0
    for path in sorted(pathlib.Path(folder).glob("*.tlm")):
        model = Model(path.read_bytes())
        for line in path.with_suffix(".json").read_text().splitlines():
            theirs = json.loads(line)
            ours = model.predict(bytes.fromhex(theirs["text"]))
            far = max(abs(a - b) for a, b in zip(ours["probabilities"], theirs["probabilities"]))
            if any(ours[field] != theirs[field] for field in ("label", "abstained")) or far > 1e-3 \
                    or abs(ours["confidence"] - theirs["confidence"]) > 1e-3:
                sys.exit(f"{path.name}: {bytes.fromhex(theirs['text'])!r}\n  file: {theirs}\n  here: {ours}")
            bins = model.bins(bytes.fromhex(theirs["text"]))
            # Sums in single precision may fall just to the other side of a bin's edge.
            if any(abs(bins[name] - theirs["bins"][name]) > (name == "confidence") for name in bins) \
                    or model.trained_on(int(theirs["row_hash"], 16)) != theirs["trained_on"]:
                sys.exit(f"{path.name}: {bytes.fromhex(theirs['text'])!r}\n  file: {theirs}\n  here: {bins}")
            compared += 1
    if compared == 0:
        sys.exit(f"no model in {folder}")
    print(f"{compared} predictions agree")


def pin(path):
    model = Model(pathlib.Path(path).read_bytes())
    for line in sys.stdin.buffer:
        text, _, row_hash = line.rstrip(b"\r\n").rpartition(b" ")
        print(json.dumps({"text": text.hex(), **model.predict(text), "bins": model.bins(text),
                          "row_hash": row_hash.decode(), "trained_on": model.trained_on(int(row_hash, 16))},
                         ensure_ascii=False))


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        check(arguments[1])
    elif len(arguments) == 2 and arguments[0] == "--pin":
        pin(arguments[1])
    elif len(arguments) == 1 and not arguments[0].startswith("-"):
        model = Model(pathlib.Path(arguments[0]).read_bytes())
        for line in sys.stdin.buffer:
            print(json.dumps(model.predict(line.rstrip(b"\r\n")), ensure_ascii=False))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
