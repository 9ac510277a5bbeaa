import Testing

@testable import onus

@Suite struct `The width of a text` {
  @Test(arguments: [
    ("", 0), ("plan", 4), ("省数据局", 8), ("Ｔ１", 4), ("café", 4), ("cafe\u{301}", 4),
    // Devanagari: a vowel sign above and a virama take nothing, one beside does.
    ("हिन्दी", 5), ("क्ष", 2),
    // Thai: vowels and tones above and below take nothing.
    ("ที่นี่", 2), ("กรุงเทพ", 6),
    // Hebrew and Arabic with their points.
    ("שָׁלוֹם", 4), ("مُحَمَّد", 4),
    // Hangul as syllables and as jamo, old ones among them.
    ("한국", 4), ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}", 4),
    ("\u{1112}\u{119E}\u{11AB}", 2), ("\u{1100}\u{D7B0}\u{D7CB}", 2),
    // Joiners and variation selectors take nothing; a sequence is as wide as its parts.
    ("👍", 2), ("👩\u{200D}🌾", 4), ("❤\u{FE0F}", 1), ("葛\u{E0100}", 2), ("क्\u{200D}ष", 2),
    ("1\u{20DD}", 1),
    // A sign of Arabic that is shown before its number, though it is a format character.
    ("\u{0601}١", 2),
  ])
  func `is what a terminal shows`(_ text: String, _ width: Int) {
    #expect(Terminal.width(of: text) == width)
  }

  @Test func `is that of the letters where nothing else is there`() {
    #expect(Terminal.width(of: String(repeating: "a", count: 1000)) == 1000)
  }
}
