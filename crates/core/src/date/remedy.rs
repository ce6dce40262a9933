//! What would be right in place of a text that is no date.
//!
//! Each remedy is a form in which people do write dates. It is offered only if
//! it can itself be read, and never taken: where a text has two readings both
//! are named, and nothing is guessed without a word.

use super::parsed::is_date;

/// Returns what to write instead of `text`, if its form is one that people use.
pub(super) fn for_text(text: &str) -> Option<String> {
    // What is much longer than this is no slip of the hand.
    let trimmed = Some(text.trim()).filter(|text| text.len() <= 200)?;
    let readings: [fn(&str) -> Option<String>; 14] = [
        undated,
        spaced,
        upper_case,
        numeric,
        basic,
        named_month,
        month_that_is_a_day,
        two_years,
        open_words,
        doubtful_digit,
        reversed,
        about,
        timed,
        before_christ,
    ];
    readings
        .iter()
        .find_map(|reading| reading(trimmed))
        .or_else(|| long_year(trimmed))
        .or_else(|| unclosed(trimmed))
        .or_else(|| month_unknown(trimmed))
}

fn write(candidate: &str) -> Option<String> {
    is_date(candidate).then(|| format!("write `{candidate}`"))
}

fn digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn undated(text: &str) -> Option<String> {
    let words = [
        "n.d.", "n.d", "nd", "s.d.", "undated", "no date", "unknown", "-", "?",
    ];
    words
        .contains(&text.to_ascii_lowercase().as_str())
        .then(|| "write `\"\"` for what is undated".to_owned())
}

fn spaced(text: &str) -> Option<String> {
    let together: String = text.split_whitespace().collect();
    // `2016 08` could be read so too, but two numbers side by side are no slip of the hand.
    let slips = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .windows(2)
        .all(|pair| {
            let joint = |sign: Option<char>| sign.is_some_and(|sign| !sign.is_ascii_alphanumeric());
            joint(pair[0].chars().last()) || joint(pair[1].chars().next())
        });
    (slips && is_date(&together)).then(|| format!("write `{together}`, without spaces"))
}

fn upper_case(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    if upper != text && is_date(&upper) {
        return write(&upper);
    }
    // Drafts of EDTF wrote `u` for an unknown digit.
    write(&text.replace('u', "X")).filter(|_| text.contains('u'))
}

/// Reads three numbers, or two, joined by one sort of sign.
fn numeric(text: &str) -> Option<String> {
    let sign = text.chars().find(|sign| !sign.is_ascii_digit())?;
    if !"-/.".contains(sign) {
        return None;
    }
    let parts: Vec<&str> = text.split(sign).collect();
    match parts[..] {
        [year, month, day] if digits(year, 4, 4) && digits(month, 1, 2) && digits(day, 1, 2) => {
            write(&format!("{year}-{month:0>2}-{day:0>2}"))
        }
        [one, other, year] if digits(one, 1, 2) && digits(other, 1, 2) && digits(year, 4, 4) => {
            day_and_month(one, other, year)
        }
        [year, month] | [month, year] if digits(month, 1, 2) && digits(year, 4, 4) => {
            write(&format!("{year}-{month:0>2}"))
        }
        _ => None,
    }
}

fn day_and_month(one: &str, other: &str, year: &str) -> Option<String> {
    let day_first = format!("{year}-{other:0>2}-{one:0>2}");
    let month_first = format!("{year}-{one:0>2}-{other:0>2}");
    match (is_date(&day_first), is_date(&month_first)) {
        (true, true) if day_first != month_first => Some(format!(
            "this can be read in two ways: write `{day_first}` if the day comes first, \
             `{month_first}` if the month does"
        )),
        (true, _) => write(&day_first),
        (false, true) => write(&month_first),
        (false, false) => None,
    }
}

fn basic(text: &str) -> Option<String> {
    if !digits(text, 8, 8) {
        return None;
    }
    write(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
}

fn named_month(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|sign: char| !sign.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("of"))
        .collect();
    let at = words.iter().position(|word| month_number(word).is_some())?;
    let month = month_number(words[at])?;
    let mut numbers = words.clone();
    numbers.remove(at);
    match numbers[..] {
        [year] if digits(year, 4, 4) => write(&format!("{year}-{month:02}")),
        [day, year] | [year, day] if digits(year, 4, 4) => {
            let day = day.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
            digits(day, 1, 2).then(|| write(&format!("{year}-{month:02}-{day:0>2}")))?
        }
        _ => None,
    }
}

fn month_number(word: &str) -> Option<u8> {
    let word = word.to_ascii_lowercase();
    let word = if word == "sept" { "sep" } else { &word };
    (1..=12).find(|month| {
        let name = super::english::month_name(*month).to_ascii_lowercase();
        name == word || (word.len() == 3 && name.starts_with(word))
    })
}

fn month_that_is_a_day(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '-');
    let (year, day, month) = (parts.next()?, parts.next()?, parts.next()?);
    let swapped = format!("{year}-{month}-{day}");
    (digits(year, 4, 4) && digits(day, 2, 2) && digits(month, 2, 2) && is_date(&swapped))
        .then(|| format!("if {day} is the day write `{swapped}`"))
}

/// Reads `1914-1918`, with whatever sort of dash, and `1914-18`.
fn two_years(text: &str) -> Option<String> {
    let text = text
        .replace(['\u{2013}', '\u{2014}', '\u{2212}'], "-")
        .replace(" to ", "-");
    let (first, last) = text.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if digits(first, 4, 4) && digits(last, 4, 4) {
        return write(&format!("{first}/{last}"));
    }
    if digits(first, 4, 4) && digits(last, 2, 2) {
        let interval = format!("{first}/{}{last}", &first[..2]);
        return is_date(&interval)
            .then(|| format!("if a span of years is meant write `{interval}`"));
    }
    // Whole days joined by a dash of the longer sort.
    write(&text.replace(" - ", "/"))
}

fn open_words(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let replaced = lower
        .replace("unknown", "")
        .replace("open", "..")
        .replace("present", "..")
        .replace("now", "..")
        .to_ascii_uppercase();
    write(&replaced).filter(|_| lower.contains('/'))
}

/// Reads `19?4` and `198?`, where the mark stands for a digit.
fn doubtful_digit(text: &str) -> Option<String> {
    let masked = text.replace('?', "X");
    (masked != text && is_date(&masked))
        .then(|| format!("`?` doubts a whole component; for an unknown digit write `{masked}`"))
}

fn reversed(text: &str) -> Option<String> {
    let (end, start) = text.split_once('/')?;
    write(&format!("{start}/{end}"))
}

/// Reads `c. 1914`, `about 1914` and `1980s`.
fn about(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    for word in [
        "circa",
        "about",
        "around",
        "approx.",
        "approximately",
        "ca.",
        "ca",
        "c.",
        "c",
    ] {
        if let Some(rest) = lower.strip_prefix(word) {
            return write(&format!("{}~", rest.trim()));
        }
    }
    let decade = lower
        .strip_suffix('s')?
        .trim_end_matches('\'')
        .strip_suffix('0')?;
    write(&format!("{decade}X"))
}

/// Reads a day with a time of a form that is not read; the day alone counts.
fn timed(text: &str) -> Option<String> {
    let (day, rest) = text.split_at_checked(10)?;
    let timed = rest.starts_with(['T', 't', ' ']) && rest.contains(':');
    (timed && is_date(day)).then(|| format!("only the day counts: write `{day}`"))
}

/// Reads `44 BC`: the year before 0001 is 0000.
fn before_christ(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let year = lower
        .strip_suffix("bce")
        .or_else(|| lower.strip_suffix("bc"))?
        .trim();
    let year: u32 = digits(year, 1, 4).then(|| year.parse().ok())??;
    let year = year.checked_sub(1)?;
    write(&if year == 0 {
        "0000".to_owned()
    } else {
        format!("-{year:04}")
    })
}

/// Reads a long year without its `Y`, and a short one with it.
fn long_year(text: &str) -> Option<String> {
    let with = format!("Y{text}");
    let number = text.strip_prefix('-').unwrap_or(text);
    if digits(number, 5, 18) {
        return write(&with);
    }
    text.strip_prefix('Y').and_then(write)
}

fn unclosed(text: &str) -> Option<String> {
    match text.chars().next()? {
        '[' => write(&format!("{text}]")),
        '{' => write(&format!("{text}}}")),
        _ => None,
    }
}

/// Reads `2016-13` and `2016-00-10`: what is left is the year.
fn month_unknown(text: &str) -> Option<String> {
    let (year, month) = (text.get(..4)?, text.get(4..)?);
    let month = month.strip_prefix('-')?.get(..2)?;
    let impossible = !(1..=12).contains(&month.parse::<u8>().ok()?);
    (digits(year, 4, 4) && impossible && is_date(year))
        .then(|| format!("if the month is not known write `{year}`"))
}
