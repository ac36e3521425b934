//! Plain language: how hard the words of the interface are to read, by the measures that are made for each language.
//!
//! Spanish: Szigriszt-Pazos' *perspicuidad* (1993), read on the INFLESZ scale (Barrio-Cantalejo et al., 2008,
//! doi:10.4321/S1137-66272008000300004), where 65 to 80 is "quite easy". English: Flesch's
//! reading ease (1948, doi:10.1037/h0057532), where 60 to 70 is plain English. Portuguese: the same, as Martins, Ghiraldelo,
//! Nunes and Oliveira (1996, Notas do ICMSC-USP 28) fitted it to texts of Brazil, where 75 to 100 is "very easy".

use std::fs;

/// Words in the longest sentence, as GOV.UK writes.
const LONGEST: usize = 25;

/// The texts of a catalogue: the string literals of its source.
fn texts(catalogue: &str) -> Vec<String> {
    let file = format!("{}/src/i18n/{catalogue}.rs", env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(file).unwrap();
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n").replace("\\\"", "”");
    // Outside and inside of quotes in turns.
    code.split('"').skip(1).step_by(2).map(|text| text.replace("\\n", "\n")).collect()
}

/// The sentences of texts, as their words. What is shorter is a label, not a sentence.
fn sentences(texts: &[String]) -> Vec<Vec<&str>> {
    texts
        .iter()
        .flat_map(|text| text.split(['.', '!', '?', ':', ';', '…', '\n']))
        .map(|sentence| {
            sentence.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect()
        })
        .filter(|words: &Vec<&str>| words.len() >= 4)
        .collect()
}

/// How a catalogue reads: words a sentence and syllables a word. Fails with the sentences that are too long.
fn measure(catalogue: &str, syllables: fn(&str) -> usize) -> (f64, f64) {
    let texts = texts(catalogue);
    let sentences = sentences(&texts);
    assert!(sentences.len() > 400, "{} sentences", sentences.len());
    let long = sentences.iter().filter(|sentence| sentence.len() > LONGEST);
    let long: Vec<String> = long.map(|sentence| sentence.join(" ")).collect();
    assert!(long.is_empty(), "more than {LONGEST} words: {long:#?}");
    let words: usize = sentences.iter().map(Vec::len).sum();
    let spoken: usize = sentences.iter().flatten().map(|word| syllables(&word.to_lowercase())).sum();
    (words as f64 / sentences.len() as f64, spoken as f64 / words as f64)
}

/// Two vowels beside each other are one syllable unless both are strong; an accent makes strong.
fn spanish(word: &str) -> usize {
    let word = ["gue", "gui", "gué", "guí", "que", "qui", "qué", "quí"]
        .iter()
        .fold(word.to_owned(), |word, silent| word.replace(silent, &silent.replacen('u', "", 1)));
    let (mut count, mut last) = (0, None);
    for c in word.chars() {
        let strong = match c {
            'a' | 'e' | 'o' | 'á' | 'é' | 'í' | 'ó' | 'ú' => true,
            'i' | 'u' | 'ü' => false,
            'h' => continue,
            _ => {
                last = None;
                continue;
            }
        };
        if last.is_none_or(|last: bool| last && strong) {
            count += 1;
        }
        last = Some(strong);
    }
    count.max(1)
}

/// As Spanish, but for nasal diphthongs; and a last `ia` that no accent takes the stress from is two.
fn portuguese(word: &str) -> usize {
    let word = ["gue", "gui", "gué", "guí", "guê", "que", "qui", "qué", "quí", "quê"]
        .iter()
        .fold(word.to_owned(), |word, silent| word.replace(silent, &silent.replacen('u', "", 1)))
        .replace("ão", "ã")
        .replace("õe", "õ")
        .replace("ãe", "ã");
    let (mut count, mut last) = (0, None);
    for c in word.chars() {
        let strong = match c {
            'a' | 'e' | 'o' | 'á' | 'é' | 'í' | 'ó' | 'ú' | 'â' | 'ê' | 'ô' | 'ã' | 'õ' | 'à' => {
                true
            }
            'i' | 'u' | 'ü' => false,
            _ => {
                last = None;
                continue;
            }
        };
        if last.is_none_or(|last: bool| last && strong) {
            count += 1;
        }
        last = Some(strong);
    }
    let ending = word.trim_end_matches('s');
    count += usize::from(ending.len() > 3 && ending.ends_with("ia") && ending.is_ascii());
    count.max(1)
}

/// Groups of vowels, but for a last `e` that is not spoken.
fn english(word: &str) -> usize {
    let spoken = if word.ends_with("le") { word } else { word.strip_suffix('e').unwrap_or(word) };
    let groups = spoken.split(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
    groups.filter(|group| !group.is_empty()).count().max(1)
}

#[test]
fn syllables_are_counted_as_they_are_spoken() {
    for (word, count) in
        [("participación", 5), ("país", 2), ("guía", 2), ("quien", 1), ("ahora", 3), ("y", 1), ("leer", 2)]
    {
        assert_eq!(spanish(word), count, "{word}");
    }
    for (word, count) in [
        ("participação", 5),
        ("opções", 2),
        ("história", 3),
        ("energia", 4),
        ("quem", 1),
        ("você", 2),
        ("dia", 1),
    ] {
        assert_eq!(portuguese(word), count, "{word}");
    }
    for (word, count) in [("vote", 1), ("table", 2), ("people", 2), ("participation", 5), ("the", 1)] {
        assert_eq!(english(word), count, "{word}");
    }
}

#[test]
fn the_spanish_of_the_interface_is_quite_easy_to_read() {
    let (words, syllables) = measure("es", spanish);
    let ease = 206.835 - 62.3 * syllables - words;
    assert!(ease >= 65.0, "{ease:.1}: {words:.1} words a sentence, {syllables:.2} syllables a word");
}

#[test]
fn the_english_of_the_interface_is_plain() {
    let (words, syllables) = measure("en", english);
    let ease = 206.835 - 84.6 * syllables - 1.015 * words;
    assert!(ease >= 60.0, "{ease:.1}: {words:.1} words a sentence, {syllables:.2} syllables a word");
}

#[test]
fn the_portuguese_of_the_interface_is_very_easy_to_read() {
    let (words, syllables) = measure("pt", portuguese);
    let ease = 248.835 - 84.6 * syllables - 1.015 * words;
    assert!(ease >= 75.0, "{ease:.1}: {words:.1} words a sentence, {syllables:.2} syllables a word");
}
