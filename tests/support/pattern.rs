//! Comparing output with what a story tells of it.
//!
//! `[..]` in a line stands for anything in that line; a line `...` stands for
//! any number of lines. White space at the end of a line does not count.

/// Returns whether the lines found are those expected.
pub(crate) fn matches(expected: &[String], found: &[String]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first.trim() == "..." => {
            (0..=found.len()).any(|skipped| matches(rest, &found[skipped..]))
        }
        Some((first, rest)) => found
            .split_first()
            .is_some_and(|(line, others)| line_matches(first, line) && matches(rest, others)),
    }
}

/// Returns whether a line is the one expected.
pub(crate) fn line_matches(expected: &str, found: &str) -> bool {
    let (expected, found) = (expected.trim_end(), found.trim_end());
    let Some((before, after)) = expected.split_once("[..]") else {
        return expected == found;
    };
    let Some(rest) = found.strip_prefix(before) else {
        return false;
    };
    let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts
        .into_iter()
        .any(|at| line_matches(after, &rest[at..]))
}

/// Returns the output as a story should tell it: a line already told with
/// wildcards stays as it is, and what differs from run to run becomes one.
pub(crate) fn retold(expected: &[String], found: &[String]) -> Vec<String> {
    if matches(expected, found) {
        return expected.to_vec();
    }
    let mut told = expected;
    let mut lines = Vec::new();
    for line in found {
        let place = told
            .iter()
            .position(|old| old.trim() != "..." && line_matches(old, line));
        if let Some(place) = place {
            lines.push(told[place].clone());
            told = &told[place + 1..];
        } else {
            lines.push(without_chance(line.trim_end()));
        }
    }
    lines
}

/// Replaces what no two runs have in common: hashes, roots, key signatures and times.
fn without_chance(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    let mut inside_word = false;
    while let Some(next) = rest.chars().next() {
        let length = if inside_word { 0 } else { volatile(rest) };
        let (told, taken) = match length {
            0 => (&rest[..next.len_utf8()], next.len_utf8()),
            _ => ("[..]", length),
        };
        text.push_str(told);
        inside_word = next.is_alphanumeric();
        rest = &rest[taken..];
    }
    text
}

/// Returns the length of the hash, root, key signature or time that a text begins with, or zero.
fn volatile(text: &str) -> usize {
    let word = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let hexadecimal = text.bytes().take_while(u8::is_ascii_hexdigit).count();
    // A whole hash, or the first twelve digits of one.
    if hexadecimal == word && (word == 64 || word == 12) {
        return word;
    }
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let base64 = text.bytes().take_while(is_base64).count();
    // A root takes 44 characters, a key signature with the key's number 92, and
    // with the time of a cosignature 104.
    if [44, 92, 104].contains(&base64) {
        return base64;
    }
    time(text)
}

/// Returns the length of a time such as `2026-11-23T22:50:53Z`, or zero.
fn time(text: &str) -> usize {
    let form = "dddd-dd-dd?dd:dd";
    let begins = text.len() >= form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'd' => byte.is_ascii_digit(),
                b'?' => matches!(byte, b'T' | b' '),
                other => byte == other,
            });
    if !begins {
        return 0;
    }
    let more = text[form.len()..].bytes();
    form.len()
        + more
            .take_while(|byte| byte.is_ascii_digit() || b":.Z".contains(byte))
            .count()
}
