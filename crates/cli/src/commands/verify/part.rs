//! Which part of a ledger is to be verified, as the command line says it.

use chancery_chain::Seq;
use chancery_ledger::verify::sample::Amount;
use chancery_ledger::verify::{Extent, Part};
use chancery_store::verify::{Level, Levels};

use super::against::kept;
use crate::args::PartArgs;
use crate::chance;
use crate::failure::{Exit, Failure};

/// The part, and the number by which its sample was drawn, if it is one.
pub(super) struct Wanted {
    pub(super) part: Part,
    pub(super) seed: Option<u64>,
}

/// Reads which part is to be verified.
pub(super) fn read(args: &PartArgs) -> Result<Wanted, Failure> {
    let named: Vec<Level> = args.level.iter().map(|level| level.level()).collect();
    let mut levels = if named.is_empty() {
        Levels::default()
    } else {
        Levels::of(&named)
    };
    let mut seed = None;
    let extent = match (&args.range, &args.since, &args.sample) {
        (Some(text), ..) => range(text)?,
        (_, Some(path), _) => {
            // Without its signature it would cover nothing.
            levels = levels.with(Level::Checkpoint);
            Extent::Since(kept(path)?)
        }
        (.., Some(text)) => {
            let number = args.seed.map_or_else(drawn, Ok)?;
            seed = Some(number);
            sample(text, number)?
        }
        _ => Extent::Whole,
    };
    let part = Part { levels, extent };
    Ok(Wanted { part, seed })
}

fn range(text: &str) -> Result<Extent, Failure> {
    let ends = text.split_once("..").and_then(|(first, last)| {
        let number = |text: &str| text.strip_prefix('#').unwrap_or(text).parse().ok();
        Some((number(first)?, number(last)?))
    });
    match ends {
        Some((first, last)) if first <= last => {
            Ok(Extent::Between(Seq::new(first), Seq::new(last)))
        }
        _ => Err(
            Failure::new(Exit::Usage, format!("--range {text}: this is no range"))
                .hint("write the first entry and the last: --range 1000..1999"),
        ),
    }
}

fn sample(text: &str, number: u64) -> Result<Extent, Failure> {
    let amount = match text.strip_suffix('%') {
        Some(percent) => hundredths(percent).map(Amount::Share),
        None => text
            .parse()
            .ok()
            .filter(|entries| *entries > 0)
            .map(Amount::Entries),
    };
    let amount = amount.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("--sample {text}: this is no amount"))
            .hint("write a number of entries, or a share with at most two decimals: 0.25%")
    })?;
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    Ok(Extent::Sample { amount, seed })
}

/// Returns a percentage in hundredths of one percent.
fn hundredths(percent: &str) -> Option<u32> {
    let (whole, rest) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let share = whole.parse::<u32>().ok()?.checked_mul(100)?;
    let share = share.checked_add(format!("{rest:0<2}").parse().ok()?)?;
    (1..=10_000).contains(&share).then_some(share)
}

/// Draws the number that a sample is drawn by.
fn drawn() -> Result<u64, Failure> {
    let mut bytes = [0; 8];
    chance::fill(&mut bytes)?;
    // Short enough to be read out over the telephone, and exact in any JSON.
    Ok(u64::from_be_bytes(bytes) % 1_000_000_000_000)
}
