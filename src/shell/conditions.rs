//! Conditions: `test`, `[` and `[[`.

use super::host::Host;
use super::output::Output;
use super::pattern::matches;

/// Evaluates a condition. Returns 0 if it holds, 1 if not, 2 if it is none.
pub fn run(name: &str, words: &[String], host: &dyn Host, out: &mut Output) -> i32 {
    let close = match name {
        "[" => Some("]"),
        "[[" => Some("]]"),
        _ => None,
    };
    let words = match (close, words.split_last()) {
        (None, _) => words,
        (Some(close), Some((last, rest))) if last == close => rest,
        (Some(close), _) => {
            out.error(&format!("bash: {name}: missing `{close}'"));
            return 2;
        }
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match any(&words, name == "[[", host) {
        Ok(holds) => i32::from(!holds),
        Err(why) => {
            out.error(&format!("bash: {name}: {why}"));
            2
        }
    }
}

fn any(words: &[&str], is_double: bool, host: &dyn Host) -> Result<bool, String> {
    let mut holds = false;
    for part in words.split(|word| *word == "-o") {
        let mut all = true;
        for part in part.split(|word| *word == "-a") {
            all &= one(part, is_double, host)?;
        }
        holds |= all;
    }
    Ok(holds)
}

fn one(words: &[&str], is_double: bool, host: &dyn Host) -> Result<bool, String> {
    let negated = words.iter().take_while(|word| **word == "!").count();
    let negated = if negated == words.len() { negated.saturating_sub(1) } else { negated };
    let holds = match words.get(negated..).unwrap_or_default() {
        [] => false,
        [word] => !word.is_empty(),
        ["-n", word] => !word.is_empty(),
        ["-z", word] => word.is_empty(),
        ["-f", path] => host.read(path).is_ok(),
        ["-e" | "-r" | "-w", path] => host.read(path).is_ok() || host.is_folder(path),
        ["-d", path] => host.is_folder(path),
        ["-s", path] => host.read(path).is_ok_and(|text| !text.is_empty()),
        ["-x" | "-L", _] => false,
        [operator, _] => return Err(format!("{operator}: unary operator expected")),
        [left, "=" | "==", right] if is_double => matches(right, left),
        [left, "!=", right] if is_double => !matches(right, left),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, operator @ ("-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge"), right] => {
            let number = |text: &str| {
                let number = text.trim().parse::<i64>();
                number.map_err(|_| format!("{text}: integer expression expected"))
            };
            let order = number(left)?.cmp(&number(right)?);
            match *operator {
                "-eq" => order.is_eq(),
                "-ne" => order.is_ne(),
                "-lt" => order.is_lt(),
                "-le" => order.is_le(),
                "-gt" => order.is_gt(),
                _ => order.is_ge(),
            }
        }
        [_, operator, _] => return Err(format!("{operator}: binary operator expected")),
        _ => return Err("too many arguments".into()),
    };
    Ok(holds != (negated % 2 == 1))
}
