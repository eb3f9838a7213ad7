//! df, mount, ps, kill, hostname, id and the like.

use super::inside::Inside;
use super::is_known;
use crate::shell::host::MISSING;
use crate::terminal::container::Mount;
use crate::terminal::output::Output;

/// Numbers and names of signals.
const SIGNALS: [(u8, &str); 9] = [
    (1, "HUP"),
    (2, "INT"),
    (3, "QUIT"),
    (9, "KILL"),
    (10, "USR1"),
    (12, "USR2"),
    (15, "TERM"),
    (18, "CONT"),
    (19, "STOP"),
];

/// df.
pub fn df(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let is_human = words.iter().any(|word| word.starts_with('-') && word.contains('h'));
    let paths: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let mounts = at.container.mounts();
    let head = if is_human {
        "Filesystem                Size      Used Available Use% Mounted on"
    } else {
        "Filesystem           1K-blocks      Used Available Use% Mounted on"
    };
    out.line(head);
    let of_path = |path: &str| {
        let is_on = |mount: &&Mount| {
            let own = mount.path.trim_end_matches('/');
            path == own || path.starts_with(&format!("{own}/"))
        };
        mounts.iter().filter(is_on).max_by_key(|mount| mount.path.len())
    };
    let mut status = 0;
    let mut shown = Vec::new();
    for path in &paths {
        match at.container.read(&at.whole(path)) {
            Err(why) if why == MISSING => {
                out.error(&format!("df: {path}: can't find mount point"));
                status = 1;
            }
            _ => shown.extend(of_path(&at.whole(path))),
        }
    }
    if paths.is_empty() {
        shown = mounts.iter().collect();
    }
    let text = |size: u64| if is_human { human(size) } else { size.to_string() };
    for mount in shown {
        let free = mount.size.saturating_sub(mount.used);
        let share = mount.used.saturating_mul(100).div_ceil(mount.size.max(1));
        let device = &mount.device;
        if device.len() > 20 {
            out.print(&format!("{device}\n{:20}", ""));
        } else {
            out.print(&format!("{device:20}"));
        }
        let (size, used, free) = (text(mount.size), text(mount.used), text(free));
        out.line(&format!(" {size:>9} {used:>9} {free:>9} {share:>3}% {}", mount.path));
    }
    status
}

/// A size of KiB with a unit, such as `9.7G`.
fn human(size: u64) -> String {
    let (mut tenths, mut units) = (size.saturating_mul(10), ["K", "M", "G", "T"].iter());
    let mut unit = units.next().copied().unwrap_or_default();
    while tenths >= 10_240 {
        let Some(next) = units.next() else { break };
        tenths = (tenths + 512) / 1_024;
        unit = next;
    }
    if size == 0 { "0".into() } else { format!("{}.{}{unit}", tenths / 10, tenths % 10) }
}

/// mount.
pub fn mount(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    if !words.is_empty() {
        out.error("mount: permission denied (are you root?)");
        return 1;
    }
    for mount in at.container.mounts() {
        let access = if mount.is_read_only { "ro" } else { "rw" };
        out.line(&format!(
            "{} on {} type {} ({access},relatime)",
            mount.device, mount.path, mount.kind
        ));
    }
    0
}

/// free.
pub fn free(_: &mut Inside, _words: &[String], out: &mut Output) -> i32 {
    out.error("free: the memory of the node is not simulated");
    1
}

/// ps.
pub fn ps(at: &mut Inside, _words: &[String], out: &mut Output) -> i32 {
    out.line("PID   USER     TIME  COMMAND");
    for process in at.container.processes() {
        // The time is that of the processor: idle programs use none.
        let (minutes, seconds) = (process.time / 60_000, process.time / 1_000 % 60);
        let (pid, user, command) = (process.pid, &process.user, &process.command);
        out.line(&format!("{pid:>5} {user:<8} {minutes:>2}:{seconds:02} {command}"));
    }
    0
}

/// kill.
pub fn kill(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let mut signal = 15;
    let mut status = 0;
    let mut words = words.iter().peekable();
    if words.peek().is_some_and(|word| *word == "-l") {
        SIGNALS.iter().for_each(|(number, name)| out.line(&format!("{number:2}) {name}")));
        return 0;
    }
    if let Some(name) = words.peek().and_then(|word| word.strip_prefix('-')) {
        words.next();
        let name = match name {
            "s" => words.next().map(String::as_str).unwrap_or_default(),
            _ => name,
        };
        let name = name.strip_prefix("SIG").unwrap_or(name);
        let known = SIGNALS.iter().find(|(_, own)| *own == name).map(|(number, _)| *number);
        let Some(number) = known.or_else(|| name.parse().ok().filter(|number| *number < 65)) else {
            out.error(&format!("sh: bad signal name '{name}'"));
            return 1;
        };
        signal = number;
    }
    if words.peek().is_none() {
        out.error("sh: you need to specify whom to kill");
        return 1;
    }
    for word in words {
        let Ok(pid) = word.parse() else {
            out.error(&format!("sh: invalid number '{word}'"));
            status = 1;
            continue;
        };
        if !at.container.kill(pid, signal) {
            out.error(&format!("sh: can't kill pid {pid}: No such process"));
            status = 1;
        }
    }
    status
}

/// hostname.
pub fn hostname(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let host = at.container.hostname();
    let is_full = words.iter().any(|word| word == "-f");
    let hosts = at.container.read("/etc/hosts").unwrap_or_default();
    let names = hosts.lines().map(|line| line.split_whitespace().skip(1));
    let full = names.flatten().find(|name| name.starts_with(&format!("{host}.")));
    out.line(full.filter(|_| is_full).unwrap_or(&host));
    0
}

/// id.
pub fn id(_: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    match words.first().map(String::as_str) {
        Some("-u" | "-g") => out.line("0"),
        Some("-un" | "-gn") => out.line("root"),
        _ => out.line("uid=0(root) gid=0(root) groups=0(root),10(wheel)"),
    }
    0
}

/// whoami.
pub fn whoami(_: &mut Inside, _words: &[String], out: &mut Output) -> i32 {
    out.line("root");
    0
}

/// uname.
pub fn uname(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let host = at.container.hostname();
    match words.first().map(String::as_str) {
        None | Some("-s") => out.line("Linux"),
        Some("-n") => out.line(&host),
        Some("-m") => out.line("x86_64"),
        Some("-r") => out.line("6.8.0"),
        _ => out.line(&format!("Linux {host} 6.8.0 #1 SMP x86_64 GNU/Linux")),
    }
    0
}

/// which.
pub fn which(_: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let mut status = 0;
    for word in words {
        match is_known(word) {
            true => out.line(&format!("/bin/{word}")),
            false => status = 1,
        }
    }
    status
}
