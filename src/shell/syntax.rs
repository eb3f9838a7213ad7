//! What a command line is made of, once it is read.

use std::rc::Rc;

/// A piece of a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text that stands for itself.
    Quoted(String),
    /// Text without quotes, in which `*`, `?` and braces have their meaning.
    Plain(String),
    /// `$X`, `${X}`, `${X:-word}`.
    Variable {
        /// The name, or one of `?`, `#`, `@`, `*`, `$`, or a digit.
        name: String,
        /// What `:-` and its like give, with the operator's letter.
        default: Option<(char, Word)>,
        /// Whether `#` stands before the name: its length.
        is_length: bool,
        /// Whether it stands in double quotes.
        is_quoted: bool,
    },
    /// `$(..)`.
    Substitution {
        /// What is run.
        list: Rc<List>,
        /// Whether it stands in double quotes.
        is_quoted: bool,
    },
    /// `$((..))`: the expression, with its variables expanded as a word.
    Arithmetic(Word),
}

/// A word before its expansion.
pub type Word = Vec<Part>;

/// What joins a pipeline to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `;` or a new line.
    Always,
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// Pipelines one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List(pub Vec<(Joint, Pipeline)>);

/// Commands that are joined by `|`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// Whether `!` stands before it.
    pub is_negated: bool,
    /// The commands.
    pub commands: Vec<Rc<Command>>,
}

impl Pipeline {
    /// A program with words that stand for themselves.
    pub fn of_words(words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().map(|word| vec![Part::Quoted(word)]).collect();
        Self::of_node(Node::Simple { assignments: Vec::new(), words })
    }

    /// A sole command that is not redirected.
    pub fn of_node(node: Node) -> Self {
        let command = Rc::new(Command { node, redirects: Vec::new() });
        Self { is_negated: false, commands: vec![command] }
    }
}

impl From<Pipeline> for List {
    fn from(pipeline: Pipeline) -> Self {
        Self(vec![(Joint::Always, pipeline)])
    }
}

/// A command and its redirections.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it does.
    pub node: Node,
    /// In their order.
    pub redirects: Vec<Redirect>,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Runs a program.
    Simple {
        /// `X=1` before the program.
        assignments: Vec<(String, Word)>,
        /// The program and its arguments.
        words: Vec<Word>,
    },
    /// `if`, with its branches and what is done otherwise.
    If(Vec<(List, List)>, Option<List>),
    /// `for name in words; do .. done`.
    For(String, Vec<Word>, List),
    /// `while`, or `until` if the flag is set.
    While(List, List, bool),
    /// `{ .. }` and `( .. )`.
    Group(List),
}

/// Where a redirection leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Redirect {
    /// `<`.
    Input(Word),
    /// `<<` and `<<<`: the text.
    Here(Word),
    /// `>`, `2>`, `>>`: the descriptor (1, 2, or 3 for both), the file, whether it is added to.
    Output(u8, Word, bool),
    /// `2>&1`: the descriptor that becomes another.
    Duplicate(u8, u8),
}

/// Why a text is no command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It goes on in the next line.
    Incomplete,
    /// It is an error, in bash's words.
    Error(String),
}
