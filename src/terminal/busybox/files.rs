//! ls, rm, mkdir, touch, cp, mv, cd and pwd.

use super::inside::{Inside, options};
use crate::api::timestamp::Moment;
use crate::shell::host::{Host, MISSING};
use crate::terminal::output::Output;

/// ls.
pub fn ls(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let (letters, mut paths) = options(words);
    if paths.is_empty() {
        paths.push(".");
    }
    let now = Moment::of(at.now());
    let when = format!("{} {:>2} {:02}:{:02}", now.month_name(), now.day, now.hour, now.minute);
    let (mut status, is_many) = (0, paths.len() > 1);
    for path in &paths {
        let is_folder = at.is_folder(path) && !letters.contains('d');
        let names = match is_folder {
            true => at.names(path).unwrap_or_default(),
            false => match at.read(path) {
                Err(why) if why == MISSING => {
                    out.error(&format!("ls: {path}: {why}"));
                    status = 1;
                    continue;
                }
                _ => vec![(*path).to_owned()],
            },
        };
        if is_many && is_folder {
            out.line(&format!("\n{path}:"));
        }
        if letters.contains('l') && is_folder {
            out.line(&format!("total {}", names.len() * 4));
        }
        let shows = |name: &&String| letters.contains(['a', 'A']) || !name.starts_with('.');
        for name in names.iter().filter(shows) {
            let whole = if is_folder { format!("{path}/{name}") } else { name.clone() };
            let line = match (letters.contains('l'), at.is_folder(&whole)) {
                (false, _) => name.clone(),
                (true, true) => {
                    format!("drwxr-xr-x    2 root     root          4096 {when} {name}")
                }
                (true, false) => {
                    let size = at.read(&whole).map_or(0, |text| text.len());
                    format!("-rw-r--r--    1 root     root     {size:>9} {when} {name}")
                }
            };
            out.line(&line);
        }
    }
    status
}

/// rm.
pub fn rm(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let (letters, paths) = options(words);
    let mut status = 0;
    for path in paths {
        let whole = at.whole(path);
        if at.is_folder(path) && !letters.contains(['r', 'R']) {
            out.error(&format!("rm: '{path}' is a directory"));
            status = 1;
        } else if let Err(why) = at.container.remove(&whole)
            && !(letters.contains('f') && why == MISSING)
        {
            out.error(&format!("rm: can't remove '{path}': {why}"));
            status = 1;
        }
    }
    status
}

/// mkdir.
pub fn mkdir(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let (letters, paths) = options(words);
    let mut status = 0;
    for path in paths {
        let whole = at.whole(path);
        if letters.contains('p') {
            let ends = whole.char_indices().filter(|(_, c)| *c == '/').map(|(end, _)| end);
            let parents: Vec<usize> = ends.filter(|end| *end > 0).take(100).collect();
            for end in parents {
                // One that is there already is as good.
                drop(at.container.make_folder(whole.get(..end).unwrap_or_default()));
            }
            if at.is_folder(&whole) {
                continue;
            }
        }
        if let Err(why) = at.container.make_folder(&whole) {
            out.error(&format!("mkdir: can't create directory '{path}': {why}"));
            status = 1;
        }
    }
    status
}

/// touch.
pub fn touch(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let (_, paths) = options(words);
    let mut status = 0;
    for path in paths {
        if at.read(path).is_ok() || at.is_folder(path) {
            continue;
        }
        if let Err(why) = at.write(path, "", false) {
            out.error(&format!("touch: {path}: {why}"));
            status = 1;
        }
    }
    status
}

/// cp.
pub fn cp(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    transfer("cp", at, words, out)
}

/// mv.
pub fn mv(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    transfer("mv", at, words, out)
}

fn transfer(program: &str, at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let (_, paths) = options(words);
    let Some((target, sources)) = paths.split_last().filter(|(_, sources)| !sources.is_empty())
    else {
        out.error(&format!("{program}: missing file operand"));
        return 1;
    };
    let (is_folder, mut status) = (at.is_folder(target), 0);
    for source in sources {
        let name = source.rsplit('/').next().unwrap_or(source);
        let own = if is_folder { format!("{target}/{name}") } else { (*target).to_owned() };
        let copied = match at.read(source) {
            Ok(text) => {
                at.write(&own, &text, false).map_err(|why| format!("can't create '{own}': {why}"))
            }
            Err(why) if why == MISSING && program == "mv" => {
                Err(format!("can't rename '{source}': {why}"))
            }
            Err(why) if why == MISSING => Err(format!("can't stat '{source}': {why}")),
            Err(_) => Err(format!("omitting directory '{source}'")),
        };
        let whole = at.whole(source);
        let done = match program {
            "mv" if copied.is_ok() && whole != at.whole(&own) => at.container.remove(&whole),
            _ => copied,
        };
        if let Err(why) = done {
            out.error(&format!("{program}: {why}"));
            status = 1;
        }
    }
    status
}

/// cd.
pub fn cd(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let path = words.first().map_or("/", String::as_str);
    if !at.is_folder(path) {
        out.error(&format!("sh: cd: can't cd to {path}: {MISSING}"));
        return 2;
    }
    *at.folder = at.whole(path);
    0
}

/// pwd.
pub fn pwd(at: &mut Inside, _words: &[String], out: &mut Output) -> i32 {
    out.line(at.folder);
    0
}
