//! What a file of Rust says of others: its modules, what it imports, the paths it writes.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// `mod name;` or `mod name { … }`.
#[derive(Debug)]
pub struct Module {
    pub name: String,
    /// What `#[path = "…"]` says.
    pub path: Option<String>,
    pub is_test: bool,
    /// What stands between the braces, if it does.
    pub inline: Option<Said>,
}

/// A name at the end of a `use`, or a path in the code.
#[derive(Debug, Clone)]
pub struct Named {
    pub segments: Vec<String>,
    pub line: usize,
    pub is_test: bool,
}

/// A leaf of a `use`.
#[derive(Debug, Clone)]
pub struct Import {
    pub named: Named,
    /// What it is called here; none for `*`.
    pub name: Option<String>,
}

/// What a file, or a module in a file, says.
#[derive(Debug, Default)]
pub struct Said {
    pub modules: Vec<Module>,
    pub imports: Vec<Import>,
    pub paths: Vec<Named>,
    /// The items it has itself.
    pub items: Vec<String>,
}

impl Said {
    /// # Panics
    ///
    /// The text is no Rust.
    pub fn of(file: &str, text: &str) -> Self {
        let tokens: TokenStream = text.parse().unwrap_or_else(|why| panic!("{file}: {why}"));
        let mut said = Self::default();
        said.read(tokens, false, true);
        said
    }

    /// `is_top`: what is declared here is an item of the module.
    fn read(&mut self, tokens: TokenStream, is_test: bool, is_top: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut marks = Marks::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let is_test = is_test || marks.is_test;
            let before = at.checked_sub(1).map(|it| tokens[it].to_string()).unwrap_or_default();
            at += 1;
            match token {
                TokenTree::Group(group) => {
                    if before == "#" {
                        marks.read(group.stream());
                    }
                    self.read(group.stream(), is_test, false);
                    if group.delimiter() == Delimiter::Brace {
                        marks = Marks::default();
                    }
                }
                TokenTree::Ident(ident) if ident == "use" => {
                    let end = at + tokens[at..].iter().take_while(|it| !is(it, ';')).count();
                    let line = ident.span().start().line;
                    let start = Named { segments: Vec::new(), line, is_test };
                    self.import(&tokens[at..end], &start);
                    at = end;
                }
                TokenTree::Ident(ident) if ident == "mod" => {
                    self.module(&tokens[at..], std::mem::take(&mut marks), is_test);
                    at += 2;
                }
                TokenTree::Ident(ident) => {
                    if is_top && is_item(&before) {
                        self.items.push(ident.to_string());
                    }
                    let line = ident.span().start().line;
                    let segments = path(&tokens[at - 1..]);
                    at += 3 * (segments.len() - 1);
                    if segments.len() > 1 && before != "." {
                        self.paths.push(Named { segments, line, is_test });
                    }
                }
                TokenTree::Punct(_) if is(token, ';') => marks = Marks::default(),
                _ => {}
            }
        }
    }

    /// Reads what follows `mod`.
    fn module(&mut self, tokens: &[TokenTree], marks: Marks, is_test: bool) {
        let [TokenTree::Ident(name), after, ..] = tokens else { return };
        let inline = match after {
            TokenTree::Group(group) => {
                let mut inner = Self::default();
                inner.read(group.stream(), is_test, true);
                Some(inner)
            }
            _ => None,
        };
        self.modules.push(Module { name: name.to_string(), path: marks.path, is_test, inline });
    }

    /// Takes a `use` apart; `start` is what stands before the braces.
    fn import(&mut self, tokens: &[TokenTree], start: &Named) {
        let mut named = start.clone();
        let mut name = None;
        let mut tokens = tokens.iter();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for part in inner.split(|it| is(it, ',')) {
                        self.import(part, &named);
                    }
                    return;
                }
                TokenTree::Ident(ident) if *ident == "as" => {
                    name = tokens.next().map(|it| it.to_string());
                }
                // `{self, …}` is what stands before the braces.
                TokenTree::Ident(ident) if *ident == "self" && !named.segments.is_empty() => {}
                TokenTree::Ident(ident) => {
                    named.line = ident.span().start().line;
                    named.segments.push(ident.to_string());
                }
                TokenTree::Punct(_) if is(token, '*') => {
                    self.imports.push(Import { named, name: None });
                    return;
                }
                _ => {}
            }
        }
        let Some(name) = name.or_else(|| named.segments.last().cloned()) else { return };
        self.imports.push(Import { named, name: Some(name) });
    }
}

/// What attributes say of the item that follows.
#[derive(Default)]
struct Marks {
    is_test: bool,
    path: Option<String>,
}

impl Marks {
    fn read(&mut self, attribute: TokenStream) {
        let text: String = attribute.into_iter().map(|it| it.to_string()).collect();
        self.is_test |= text == "cfg(test)" || text == "test";
        if let Some(path) = text.strip_prefix("path=") {
            self.path = Some(path.trim_matches('"').into());
        }
    }
}

fn is_item(keyword: &str) -> bool {
    matches!(keyword, "fn" | "struct" | "enum" | "union" | "trait" | "type" | "const" | "static")
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// The path that stands at the beginning of these.
fn path(mut tokens: &[TokenTree]) -> Vec<String> {
    let mut segments = vec![tokens[0].to_string()];
    while let [_, colon, other, next @ TokenTree::Ident(_), ..] = tokens
        && is(colon, ':')
        && is(other, ':')
    {
        segments.push(next.to_string());
        tokens = &tokens[3..];
    }
    segments
}
