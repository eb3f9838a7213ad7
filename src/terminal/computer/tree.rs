//! Programs that work on the person's files.

use super::programs::Computer;
use super::workspace::HOME;
use crate::api::timestamp::Moment;
use crate::shell::host::Started;
use crate::shell::pattern::matches;
use crate::terminal::output::Output;

/// Letters of options, and what is no option.
fn options(words: &[String]) -> (String, Vec<&str>) {
    let is_option = |word: &&String| word.len() > 1 && word.starts_with('-');
    let letters = words.iter().filter(is_option).flat_map(|word| word.chars().skip(1)).collect();
    let rest = words.iter().filter(|word| !is_option(word)).map(String::as_str).collect();
    (letters, rest)
}

/// Lists directories.
pub fn ls(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    let (letters, mut paths) = options(words);
    if paths.is_empty() {
        paths.push(".");
    }
    let (mut status, is_many) = (0, paths.len() > 1);
    let now = Moment::of(at.world.now());
    let Moment { day, hour, minute, .. } = now;
    let when = format!("{} {day:>2} {hour:02}:{minute:02}", now.month_name());
    for (number, path) in paths.iter().enumerate() {
        let names = match at.files.list(path) {
            _ if letters.contains('d') => vec![(*path).to_owned()],
            Some(names) => names,
            None if at.files.get(path).is_some() => vec![(*path).to_owned()],
            None => {
                out.error(&format!("ls: cannot access '{path}': No such file or directory"));
                status = 2;
                continue;
            }
        };
        let is_folder = at.files.is_folder(path) && !letters.contains('d');
        if is_many && is_folder {
            out.line(&format!("{}{path}:", if number > 0 { "\n" } else { "" }));
        }
        if letters.contains('l') && is_folder {
            out.line(&format!("total {}", names.len() * 4));
        }
        let shows = |name: &&String| letters.contains(['a', 'A']) || !name.starts_with('.');
        for name in names.iter().filter(shows) {
            let whole = if is_folder { format!("{path}/{name}") } else { name.clone() };
            if !letters.contains('l') {
                out.line(name);
                continue;
            }
            let line = match at.files.get(&whole) {
                Some(text) => format!("-rw-r--r-- 1 user user {:>5} {when} {name}", text.len()),
                None => format!("drwxr-xr-x 2 user user  4096 {when} {name}"),
            };
            out.line(&line);
        }
    }
    Started::Done(status)
}

/// Removes files and directories.
pub fn rm(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    let (letters, paths) = options(words);
    let (forces, is_deep) = (letters.contains('f'), letters.contains(['r', 'R']));
    if paths.is_empty() && !forces {
        out.error("rm: missing operand\nTry 'rm --help' for more information.");
        return Started::Done(1);
    }
    let mut status = 0;
    for path in paths {
        let why = match () {
            () if at.files.is_folder(path) && !is_deep => "Is a directory",
            () if at.files.remove(path) => continue,
            () if at.files.is_folder(path) => "Device or resource busy",
            () if forces => continue,
            () => "No such file or directory",
        };
        out.error(&format!("rm: cannot remove '{path}': {why}"));
        status = 1;
    }
    Started::Done(status)
}

/// Makes directories.
pub fn mkdir(
    at: &mut Computer,
    words: &[String],
    _stdin: Option<&str>,
    out: &mut Output,
) -> Started {
    let (letters, paths) = options(words);
    if paths.is_empty() {
        out.error("mkdir: missing operand\nTry 'mkdir --help' for more information.");
        return Started::Done(1);
    }
    let mut status = 0;
    for path in paths {
        if letters.contains('p') {
            let ends = path.char_indices().filter(|(_, c)| *c == '/').map(|(end, _)| end);
            let parents: Vec<usize> = ends.filter(|end| *end > 0).take(100).collect();
            for end in parents {
                // One that is there already is as good.
                drop(at.files.make_folder(path.get(..end).unwrap_or_default()));
            }
            if at.files.is_folder(path) {
                continue;
            }
        }
        if let Err(why) = at.files.make_folder(path) {
            out.error(&format!("mkdir: cannot create directory '{path}': {why}"));
            status = 1;
        }
    }
    Started::Done(status)
}

/// Makes files that are not there.
pub fn touch(
    at: &mut Computer,
    words: &[String],
    _stdin: Option<&str>,
    out: &mut Output,
) -> Started {
    let (_, paths) = options(words);
    let mut status = 0;
    if paths.is_empty() {
        out.error("touch: missing file operand\nTry 'touch --help' for more information.");
        status = 1;
    }
    for path in paths {
        if at.files.get(path).is_some() || at.files.is_folder(path) {
            continue;
        }
        if let Err(why) = at.files.set(path, "") {
            out.error(&format!("touch: cannot touch '{path}': {why}"));
            status = 1;
        }
    }
    Started::Done(status)
}

/// Copies files.
pub fn cp(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    Started::Done(transfer("cp", at, words, out))
}

/// Moves files.
pub fn mv(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    Started::Done(transfer("mv", at, words, out))
}

fn transfer(program: &str, at: &mut Computer, words: &[String], out: &mut Output) -> i32 {
    let (_, paths) = options(words);
    let (target, sources) = match paths.as_slice() {
        [] => {
            out.error(&format!("{program}: missing file operand"));
            return 1;
        }
        [only] => {
            out.error(&format!("{program}: missing destination file operand after '{only}'"));
            return 1;
        }
        [sources @ .., target] => (*target, sources),
    };
    let is_folder = at.files.is_folder(target);
    if sources.len() > 1 && !is_folder {
        out.error(&format!("{program}: target '{target}': No such file or directory"));
        return 1;
    }
    let mut status = 0;
    for source in sources {
        let name = source.rsplit('/').next().unwrap_or(source);
        let own = if is_folder { format!("{target}/{name}") } else { target.to_owned() };
        let text = match at.files.open(source) {
            Ok(text) => text,
            Err(why) if why == "Is a directory" => {
                out.error(&format!("{program}: -r not specified; omitting directory '{source}'"));
                status = 1;
                continue;
            }
            Err(why) => {
                out.error(&format!("{program}: cannot stat '{source}': {why}"));
                status = 1;
                continue;
            }
        };
        if at.files.whole(source) == at.files.whole(&own) {
            out.error(&format!("{program}: '{source}' and '{own}' are the same file"));
            status = 1;
        } else if let Err(why) = at.files.set(&own, &text) {
            out.error(&format!("{program}: cannot create regular file '{own}': {why}"));
            status = 1;
        } else if program == "mv" {
            at.files.remove(source);
        }
    }
    status
}

/// Goes to a directory.
pub fn cd(at: &mut Computer, words: &[String], _stdin: Option<&str>, out: &mut Output) -> Started {
    let before = at.files.folder().to_owned();
    let path = match words.first().map(String::as_str) {
        None => HOME.to_owned(),
        Some("-") => at.session.value("OLDPWD"),
        Some(path) => path.to_owned(),
    };
    if at.files.enter(&path) {
        at.session.variables.set("OLDPWD", before);
        return Started::Done(0);
    }
    let why = match at.files.get(&path) {
        Some(_) => "Not a directory",
        None => "No such file or directory",
    };
    out.error(&format!("bash: cd: {path}: {why}"));
    Started::Done(1)
}

/// Prints the directory.
pub fn pwd(
    at: &mut Computer,
    _words: &[String],
    _stdin: Option<&str>,
    out: &mut Output,
) -> Started {
    out.line(at.files.folder());
    Started::Done(0)
}

/// Lists what lies below directories: `find [path …] [-name pattern] [-type f|d]`.
pub fn find(at: &mut Computer, words: &[String], _: Option<&str>, out: &mut Output) -> Started {
    let begin = words.iter().position(|word| word.starts_with('-')).unwrap_or(words.len());
    let (paths, tests) = words.split_at(begin);
    let value = |name: &str| {
        let place = tests.iter().position(|word| word == name)?;
        tests.get(place + 1).map(String::as_str)
    };
    let (name, kind) = (value("-name"), value("-type"));
    let here = [".".to_owned()];
    let mut status = 0;
    for path in if paths.is_empty() { &here } else { paths } {
        if at.files.get(path).is_none() && !at.files.is_folder(path) {
            out.error(&format!("find: ‘{path}’: No such file or directory"));
            status = 1;
            continue;
        }
        let mut left = vec![path.trim_end_matches('/').to_owned()];
        while let Some(own) = left.pop() {
            let is_folder = at.files.is_folder(&own);
            let last = own.rsplit('/').next().unwrap_or_default();
            let is_shown = name.is_none_or(|name| matches(name, last))
                && kind.is_none_or(|kind| (kind == "d") == is_folder);
            if is_shown {
                out.line(&own);
            }
            let below = at.files.list(&own).unwrap_or_default();
            left.extend(below.iter().rev().map(|name| format!("{own}/{name}")));
        }
    }
    Started::Done(status)
}
