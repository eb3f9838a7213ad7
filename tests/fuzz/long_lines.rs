//! Lines of ten thousand characters that mean nothing.

use crate::draws::Draws;
use statefulset_playground::playground::console::Piece;
use statefulset_playground::playground::{Action, Playground};

/// What the characters of a line are drawn from, with its name.
type Alphabet = (&'static str, fn(&mut Draws) -> char);

const ALPHABETS: [Alphabet; 6] = [
    ("printable", |draws| character(0x20 + draws.below(0x5f))),
    ("unicode", |draws| character(draws.below(0x11_0000))),
    ("control", |draws| character(draws.below(0x20))),
    ("shell", |draws| member(draws, " \t\"'\\`$(){}[]<>|&;#*?~!=-\n")),
    ("words", |draws| member(draws, "ab |;&$(){}\"'\n")),
    ("quoted", |draws| member(draws, "\"$({})'")),
];

fn character(number: usize) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('x')
}

fn member(draws: &mut Draws, all: &str) -> char {
    all.chars().nth(draws.below(all.chars().count())).unwrap_or('x')
}

/// What the screen shows behind the lines that were entered.
fn said(playground: &Playground) -> String {
    let screen = playground.screen();
    let own = screen.pieces.iter().filter(|(_, piece, _)| *piece != Piece::Entered);
    own.map(|(.., text)| &**text).collect()
}

/// Enters a line, and what ends a line that wants more.
fn enter(playground: &mut Playground, line: &str) {
    playground.update(Action::Command(line.into()));
    if playground.screen().is_busy || &*playground.screen().prompt == "> " {
        playground.update(Action::Interrupt);
    }
}

#[test]
fn a_line_of_ten_thousand_random_characters_is_answered() {
    let mut draws = Draws(7);
    for (name, draw) in ALPHABETS {
        for round in 0..5 {
            let mut playground = Playground::new();
            let line: String = (0..10_000).map(|_| draw(&mut draws)).collect();
            enter(&mut playground, &line);
            assert!(!said(&playground).trim().is_empty(), "{name}, {round}: no message");
            playground.update(Action::ClearScreen);
            enter(&mut playground, "echo still here");
            assert_eq!(said(&playground), "still here\n", "{name}, {round}");
            assert_eq!(&*playground.screen().prompt, "$ ", "{name}, {round}");
        }
    }
}
