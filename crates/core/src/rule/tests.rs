//! The published days of real treaties, and the edges of the arithmetic.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn on(text: &str) -> Window {
    Window::on(day(text))
}

fn given(window: Window) -> Consent {
    Consent {
        on: window,
        until: None,
    }
}

/// Consents of which the last, on `completing`, is the `needed`th.
fn consents(needed: usize, completing: &str) -> Vec<Consent> {
    let last = day(completing);
    let earlier = (1..needed).map(|back| last.plus_days(-i64::try_from(back).unwrap()));
    earlier
        .chain([last])
        .map(|day| given(Window::on(day)))
        .collect()
}

fn force(needed: usize, completing: &str, terms: Terms) -> String {
    let terms = Terms {
        needed: needed as u64,
        ..terms
    };
    let derived = entry_into_force(&terms, &consents(needed, completing)).unwrap();
    assert_eq!(derived.completed_by, [needed - 1]);
    assert_eq!(derived.completion, on(completing));
    derived.window.to_string()
}

fn after(delay: Delay) -> Terms {
    Terms {
        delay,
        ..Terms::default()
    }
}

#[test]
fn the_genocide_convention_enters_into_force_ninety_days_after_the_twentieth_deposit() {
    assert_eq!(
        force(20, "1950-10-14", after(Delay::Days(90))),
        "1951-01-12"
    );
}

#[test]
fn the_rome_statute_enters_into_force_on_the_first_of_the_month_after_sixty_days() {
    let terms = Terms {
        rounding: Some(Rounding::FirstOfNextMonth),
        ..after(Delay::Days(60))
    };

    assert_eq!(force(60, "2002-04-11", terms), "2002-07-01");
}

#[test]
fn the_ottawa_convention_enters_into_force_on_the_first_of_the_sixth_month_after() {
    let terms = Terms {
        rounding: Some(Rounding::FirstOfMonth),
        ..after(Delay::Months(6))
    };

    assert_eq!(force(40, "1998-09-16", terms), "1999-03-01");
}

#[test]
fn the_chemical_weapons_convention_enters_into_force_half_a_year_after_the_sixty_fifth() {
    let terms = Terms {
        not_before: Some(on("1995-01-13")),
        ..after(Delay::Days(180))
    };

    assert_eq!(force(65, "1996-10-31", terms), "1997-04-29");
    assert_eq!(force(65, "1994-01-01", terms), "1995-01-13");
}

#[test]
fn other_conventions_enter_into_force_on_their_published_days() {
    assert_eq!(
        force(20, "1990-08-03", after(Delay::Days(30))),
        "1990-09-02"
    );
    assert_eq!(
        force(50, "1993-12-21", after(Delay::Days(90))),
        "1994-03-21"
    );
}

#[test]
fn a_fixed_day_holds_if_the_consents_are_there_by_then() {
    let terms = Terms {
        on_day: Some(day("1989-01-01")),
        ..after(Delay::Days(90))
    };

    assert_eq!(force(11, "1988-12-16", terms), "1989-01-01");
    assert_eq!(force(11, "1989-01-01", terms), "1989-01-01");
    assert_eq!(force(11, "1989-01-02", terms), "1989-04-02");
}

#[test]
fn rounding_goes_down_or_strictly_up() {
    let due = |text, rounding| falls_due(day(text), Delay::Days(0), Some(rounding)).to_string();

    assert_eq!(due("2001-05-01", Rounding::FirstOfMonth), "2001-05-01");
    assert_eq!(due("2001-05-31", Rounding::FirstOfMonth), "2001-05-01");
    assert_eq!(due("2001-05-01", Rounding::FirstOfNextMonth), "2001-06-01");
    assert_eq!(due("2001-12-31", Rounding::FirstOfNextMonth), "2002-01-01");
    assert_eq!(
        falls_due(day("2000-08-31"), Delay::Months(6), None),
        day("2001-02-28")
    );
}

#[test]
fn all_deposits_of_the_completing_day_are_named() {
    let days = [
        "2001-01-01",
        "2001-01-03",
        "2001-01-03",
        "2001-01-03",
        "2001-01-04",
    ];
    let consents = days.map(|text| given(on(text)));

    let completion = completion(&consents, 3, Bound::Lower);

    assert_eq!(completion, Some((day("2001-01-03"), vec![1, 2, 3])));
}

#[test]
fn a_consent_that_was_withdrawn_by_then_does_not_count() {
    let withdrawn = Consent {
        on: on("2001-01-01"),
        until: Some(on("2001-01-02")),
    };
    let consents = [withdrawn, given(on("2001-01-02")), given(on("2001-01-05"))];

    assert_eq!(
        completion(&consents, 2, Bound::Lower),
        Some((day("2001-01-05"), vec![2]))
    );
    assert_eq!(completion(&consents, 3, Bound::Upper), None);
}

#[test]
fn a_deposit_known_to_the_month_makes_a_window() {
    let july = Window::between(day("2001-07-01"), day("2001-07-31")).unwrap();
    let consents = [given(on("2001-01-01")), given(july)];
    let terms = Terms {
        needed: 2,
        ..after(Delay::Days(30))
    };

    let derived = entry_into_force(&terms, &consents).unwrap();

    assert_eq!(derived.window.to_string(), "2001-07-31/2001-08-30");
    assert_eq!(derived.completed_by, [1]);
}

#[test]
fn a_deposit_that_may_never_have_been_made_leaves_the_end_open() {
    let consents = [
        given(on("2001-01-01")),
        given(Window::not_before(day("2001-02-01"))),
    ];
    let terms = Terms {
        needed: 2,
        ..Terms::default()
    };

    let derived = entry_into_force(&terms, &consents).unwrap();

    assert_eq!(derived.window, Window::not_before(day("2001-02-01")));
}

#[test]
fn where_nothing_is_needed_and_no_day_is_fixed_nothing_follows() {
    let fixed = Terms {
        not_before: Some(on("1995-01-13")),
        ..Terms::default()
    };

    assert_eq!(entry_into_force(&Terms::default(), &[]), None);
    assert_eq!(
        entry_into_force(&fixed, &[]).unwrap().window,
        on("1995-01-13")
    );
}

#[test]
fn who_consents_after_completion_takes_its_own_delay() {
    let each = Each {
        after: After::Completion,
        delay: Delay::Days(60),
        rounding: Some(Rounding::FirstOfNextMonth),
    };
    let party = |text| party_from(&each, on(text), on("2002-04-11"), on("2002-07-01")).to_string();

    assert_eq!(party("2001-01-01"), "2002-07-01");
    assert_eq!(party("2002-04-11"), "2002-07-01");
    assert_eq!(party("2002-04-30"), "2002-07-01");
    assert_eq!(party("2002-05-03"), "2002-08-01");
}

#[test]
fn who_consents_between_completion_and_entry_into_force_may_take_the_treatys_day() {
    let each = Each {
        after: After::EntryIntoForce,
        delay: Delay::Days(30),
        rounding: None,
    };
    let party = |text| party_from(&each, on(text), on("1996-10-31"), on("1997-04-29")).to_string();

    assert_eq!(party("1997-04-28"), "1997-04-29");
    assert_eq!(party("1997-04-29"), "1997-05-29");
    assert_eq!(party("1997-05-10"), "1997-06-09");
}

#[test]
fn what_is_not_known_stays_unbounded() {
    let party = |after| {
        let each = Each {
            after,
            delay: Delay::Days(30),
            rounding: Some(Rounding::FirstOfNextMonth),
        };
        party_from(&each, Window::UNKNOWN, Window::UNKNOWN, Window::UNKNOWN)
    };
    let terms = Terms {
        needed: 1,
        ..after(Delay::Days(30))
    };

    let derived = entry_into_force(&terms, &[given(Window::UNKNOWN)]).unwrap();

    assert_eq!(party(After::Completion), Window::UNKNOWN);
    assert_eq!(party(After::EntryIntoForce), Window::UNKNOWN);
    assert_eq!(derived.window, Window::UNKNOWN);
    assert_eq!(derived.completed_by, [0]);
}

fn small_window() -> impl Strategy<Value = Window> {
    (0_i64..40, 0_i64..40).prop_map(|(first, length)| {
        Window::between(Day::new(first), Day::new(first + length)).unwrap()
    })
}

proptest! {
    #[test]
    fn a_party_becomes_one_within_its_window(
        windows in [small_window(), small_window(), small_window()],
        picks in [0.0_f64..1.0, 0.0..1.0, 0.0..1.0],
        days in 0_u32..40,
        later in any::<bool>(),
    ) {
        let after = if later { After::EntryIntoForce } else { After::Completion };
        let each = Each { after, delay: Delay::Days(days), rounding: None };
        let [consent, completion, force] = [0, 1, 2].map(|index: usize| {
            let (lo, hi) = (windows[index].lo().days(), windows[index].hi().days());
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let step = ((hi - lo) as f64 * picks[index]).round() as i64;
            Window::on(Day::new(lo + step))
        });

        let whole = party_from(&each, windows[0], windows[1], windows[2]);
        let one = party_from(&each, consent, completion, force).day().unwrap();

        prop_assert!(whole.contains(one), "{} is not in {}", one, whole);
        prop_assert!(one >= force.lo());
    }

    #[test]
    fn the_rule_of_any_days_is_within_the_rule_of_their_windows(
        windows in proptest::collection::vec((small_window(), proptest::option::of(small_window())), 1..6),
        needed in 1_u64..4,
        seed: u64,
    ) {
        let whole: Vec<Consent> =
            windows.iter().map(|(on, until)| Consent { on: *on, until: *until }).collect();
        let pick = |window: Window, salt: u64| {
            let length = u64::try_from(window.hi().days() - window.lo().days()).unwrap() + 1;
            let step = seed.rotate_left(u32::try_from(salt * 7 % 64).unwrap()) % length;
            Window::on(window.lo().plus_days(i64::try_from(step).unwrap()))
        };
        let one: Vec<Consent> = whole.iter().zip(0_u64..).map(|(consent, salt)| Consent {
            on: pick(consent.on, salt),
            until: consent.until.map(|until| pick(until, salt + 31)),
        }).collect();
        let terms = Terms { needed, delay: Delay::Months(1), ..Terms::default() };

        let derived = entry_into_force(&terms, &one);

        if let Some(derived) = derived {
            let window = entry_into_force(&terms, &whole).unwrap().window;
            prop_assert!(window.contains(derived.window.day().unwrap()));
        }
    }
}
