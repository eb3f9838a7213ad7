//! nslookup, wget, curl and ping.
//!
//! Source: BusyBox's `networking/nslookup.c`, `networking/wget.c`; curl's `src/tool_operate.c`.

use super::inside::Inside;
use crate::shell::host::Host;
use crate::terminal::container::{Reply, Resolved};
use crate::terminal::output::Output;

/// nslookup, in the form of BusyBox 1.28 or of later ones.
pub fn nslookup(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let Some(name) = words.iter().find(|word| !word.starts_with('-')) else {
        out.error("Usage: nslookup [HOST] [SERVER]");
        return 1;
    };
    let server = at.container.name_server();
    let resolved = at.container.resolve(name);
    if at.container.has_old_nslookup() {
        return old_nslookup(name, &server, &resolved, out);
    }
    print_lookup(name, &server, &resolved, out)
}

/// What nslookup of later BusyBoxes prints of what a name leads to. Returns the exit status.
pub fn print_lookup(name: &str, server: &str, resolved: &Resolved, out: &mut Output) -> i32 {
    if *resolved == Resolved::Silent {
        out.line(";; connection timed out; no servers could be reached\n");
        return 1;
    }
    out.line(&format!("Server:\t\t{server}\nAddress:\t{server}:53\n"));
    match resolved {
        Resolved::Found(whole, addresses) => {
            // The reply to the question for IPv6 is empty; it came first.
            out.line("");
            for address in addresses {
                out.line(&format!("Name:\t{whole}\nAddress: {address}"));
            }
            out.line("");
            0
        }
        _ => {
            for _ in 0..2 {
                out.line(&format!("** server can't find {name}: NXDOMAIN\n"));
            }
            1
        }
    }
}

fn old_nslookup(name: &str, server: &str, resolved: &Resolved, out: &mut Output) -> i32 {
    out.line(&format!("Server:    {server}"));
    out.line(&format!("Address 1: {server} kube-dns.kube-system.svc.cluster.local\n"));
    match resolved {
        Resolved::Found(whole, addresses) => {
            out.line(&format!("Name:      {name}"));
            for (number, address) in addresses.iter().enumerate() {
                out.line(&format!("Address {}: {address} {whole}", number + 1));
            }
            0
        }
        _ => {
            out.error(&format!("nslookup: can't resolve '{name}'"));
            1
        }
    }
}

/// An address with its scheme, and its host.
fn url(text: &str) -> (String, String) {
    let whole = if text.contains("://") { text.into() } else { format!("http://{text}") };
    let behind = whole.split_once("://").map_or("", |(_, behind)| behind);
    let host = behind.split(['/', ':', '?']).next().unwrap_or_default().to_owned();
    (whole, host)
}

/// What the standard calls a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// Options of wget and curl, and the address.
#[derive(Default)]
struct Request {
    url: Option<String>,
    file: Option<String>,
    flags: String,
    format: Option<String>,
    seconds: Option<String>,
}

impl Request {
    /// Reads words; `valued` are the letters that take a value.
    fn read(words: &[String], valued: &str) -> Self {
        let mut request = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if let Some(long) = word.strip_prefix("--") {
                let (name, value) = long.split_once('=').unwrap_or((long, ""));
                let mut value = value.to_owned();
                let takes = matches!(name, "max-time" | "connect-timeout" | "output" | "header")
                    || matches!(name, "write-out" | "request" | "data" | "retry");
                if takes && value.is_empty() {
                    value = words.next().cloned().unwrap_or_default();
                }
                match name {
                    "max-time" | "connect-timeout" | "timeout" => request.seconds = Some(value),
                    "output" | "output-document" => request.file = Some(value),
                    "write-out" => request.format = Some(value),
                    "silent" | "quiet" => {
                        request.flags.push(if valued.contains('w') { 's' } else { 'q' })
                    }
                    "head" => request.flags.push('I'),
                    "include" => request.flags.push('i'),
                    "fail" => request.flags.push('f'),
                    "verbose" => request.flags.push('v'),
                    "show-error" => request.flags.push('S'),
                    "spider" => request.flags.push('p'),
                    _ => {}
                }
                continue;
            }
            let Some(letters) = word.strip_prefix('-').filter(|it| !it.is_empty()) else {
                request.url.get_or_insert_with(|| word.clone());
                continue;
            };
            let mut letters = letters.chars();
            while let Some(letter) = letters.next() {
                if !valued.contains(letter) {
                    request.flags.push(letter);
                    continue;
                }
                let mut value: String = letters.by_ref().collect();
                if value.is_empty() {
                    value = words.next().cloned().unwrap_or_default();
                }
                match letter {
                    'O' | 'o' => request.file = Some(value),
                    'w' => request.format = Some(value),
                    'm' | 'T' => request.seconds = Some(value),
                    _ => {}
                }
            }
        }
        request
    }

    fn has(&self, letter: char) -> bool {
        self.flags.contains(letter)
    }
}

/// wget.
pub fn wget(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let request = Request::read(words, "OTUPY");
    let Some(text) = &request.url else {
        out.error("wget: missing URL\nUsage: wget [OPTIONS] URL...");
        return 1;
    };
    let (whole, host) = url(text);
    let reply = at.container.http(&whole);
    let is_quiet = request.has('q');
    let (status, body) = match reply {
        Reply::Unknown => {
            out.error(&format!("wget: bad address '{host}'"));
            return 1;
        }
        Reply::Refused(address) => {
            if !is_quiet {
                out.error(&format!("Connecting to {host} ({address})"));
            }
            out.error(&format!(
                "wget: can't connect to remote host ({}): Connection refused",
                bare(&address)
            ));
            return 1;
        }
        Reply::Silent(address) => {
            if !is_quiet {
                out.error(&format!("Connecting to {host} ({address})"));
            }
            out.error(
                match request.seconds {
                    Some(_) => "wget: download timed out".into(),
                    None => format!(
                        "wget: can't connect to remote host ({}): Connection timed out",
                        bare(&address)
                    ),
                }
                .as_str(),
            );
            return 1;
        }
        Reply::Answer(status, _, body) => (status, body),
    };
    if status >= 400 {
        out.error(&format!("wget: server returned error: HTTP/1.1 {status} {}", reason(status)));
        return 1;
    }
    if request.has('p') {
        return 0;
    }
    let path = whole.split_once("://").map_or("", |(_, it)| it);
    let name =
        path.split(['?', '#']).next().and_then(|it| it.split_once('/')).map_or("", |it| it.1);
    let name = name.rsplit('/').next().filter(|it| !it.is_empty()).unwrap_or("index.html");
    let file = request.file.clone().unwrap_or_else(|| name.into());
    if file == "-" {
        out.print(&body);
        return 0;
    }
    if let Err(why) = at.write(&file, &body, false) {
        out.error(&format!("wget: can't open '{file}': {why}"));
        return 1;
    }
    if !is_quiet {
        out.error(&format!("saving to '{file}'\n'{file}' saved"));
    }
    0
}

/// An address without its port.
fn bare(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |(address, _)| address)
}

/// curl.
pub fn curl(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let request = Request::read(words, "owmHXdAuxe");
    let Some(text) = &request.url else {
        out.error("curl: (2) no URL specified\ncurl: try 'curl --help' for more information");
        return 2;
    };
    let (whole, host) = url(text);
    let shows = !request.has('s') || request.has('S');
    let default = if whole.starts_with("https") { "443" } else { "80" };
    let port = |address: &str| {
        address.rsplit_once(':').map_or(default.to_owned(), |(_, port)| port.to_owned())
    };
    let failed = match at.container.http(&whole) {
        Reply::Answer(status, headers, body) => {
            return answered(at, &request, (status, &headers, &body), out);
        }
        Reply::Unknown => (6, format!("curl: (6) Could not resolve host: {host}")),
        Reply::Refused(address) => {
            let port = port(&address);
            (
                7,
                format!(
                    "curl: (7) Failed to connect to {host} port {port} after 0 ms: \
                     Could not connect to server"
                ),
            )
        }
        Reply::Silent(_) => {
            let seconds = request.seconds.clone().unwrap_or_else(|| "300".into());
            (28, format!("curl: (28) Connection timed out after {seconds}000 milliseconds"))
        }
    };
    if shows {
        out.error(&failed.1);
    }
    if let Some(format) = &request.format {
        out.print(&written(format, 0));
    }
    failed.0
}

fn written(format: &str, status: u16) -> String {
    let text = format.replace("%{http_code}", &format!("{status:03}"));
    let text = text.replace("%{response_code}", &format!("{status:03}"));
    text.replace("\\n", "\n").replace("\\t", "\t")
}

fn answered(
    at: &mut Inside,
    request: &Request,
    (status, headers, body): (u16, &[(String, String)], &str),
    out: &mut Output,
) -> i32 {
    if status >= 400 && request.has('f') {
        if !request.has('s') || request.has('S') {
            out.error(&format!("curl: (22) The requested URL returned error: {status}"));
        }
        return 22;
    }
    let mut text = String::new();
    if request.has('I') || request.has('i') {
        text.push_str(&format!("HTTP/1.1 {status} {}\n", reason(status)));
        headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\n")));
        text.push('\n');
    }
    if !request.has('I') {
        text.push_str(body);
    }
    match request.file.as_deref() {
        None | Some("-") => out.print(&text),
        Some("/dev/null") => {}
        Some(file) => {
            if at.write(file, &text, false).is_err() {
                out.error("curl: (23) Failure writing output to destination");
                return 23;
            }
        }
    }
    if let Some(format) = &request.format {
        out.print(&written(format, status));
    }
    0
}

/// ping: three requests, or as many as `-c` says, at once.
pub fn ping(at: &mut Inside, words: &[String], out: &mut Output) -> i32 {
    let mut count = 3;
    let mut host = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(own) = word.strip_prefix("-c") {
            let value = if own.is_empty() { words.next().cloned() } else { Some(own.into()) };
            count = value.and_then(|it| it.parse().ok()).unwrap_or(3).min(20);
        } else if word == "-W" || word == "-w" {
            words.next();
        } else if !word.starts_with('-') {
            host = Some(word);
        }
    }
    let Some(host) = host else {
        out.error("Usage: ping [OPTIONS] HOST");
        return 1;
    };
    let is_address =
        host.split('.').count() == 4 && host.split('.').all(|it| it.parse::<u8>().is_ok());
    let address = match at.container.resolve(host) {
        _ if is_address => Some(host.clone()),
        Resolved::Found(_, addresses) => addresses.into_iter().next(),
        _ => None,
    };
    let Some(address) = address else {
        out.error(&format!("ping: bad address '{host}'"));
        return 1;
    };
    out.line(&format!("PING {host} ({address}): 56 data bytes"));
    for number in 0..count {
        out.line(&format!("64 bytes from {address}: seq={number} ttl=63 time=0.084 ms"));
    }
    out.line(&format!("\n--- {host} ping statistics ---"));
    out.line(&format!(
        "{count} packets transmitted, {count} packets received, 0% packet loss\n\
         round-trip min/avg/max = 0.084/0.084/0.084 ms"
    ));
    0
}
