//! What a command prints.

/// Where a piece of output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output, which pipes take.
    Out,
    /// Standard error, which the screen shows.
    Err,
}

/// What was printed, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pieces: Vec<(Stream, String)>,
}

impl Output {
    /// Prints on standard output.
    pub fn print(&mut self, text: &str) {
        self.push(Stream::Out, text);
    }

    /// Prints a line on standard output.
    pub fn line(&mut self, line: &str) {
        self.push(Stream::Out, line);
        self.push(Stream::Out, "\n");
    }

    /// Prints a line on standard error.
    pub fn error(&mut self, line: &str) {
        self.push(Stream::Err, line);
        self.push(Stream::Err, "\n");
    }

    /// Prints a line on standard error, if there is one.
    pub fn error_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.error(text);
        }
    }

    /// Prints a piece; one of the stream of the last piece joins it.
    pub fn push(&mut self, stream: Stream, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some((last, pieces)) if *last == stream => pieces.push_str(text),
            _ => self.pieces.push((stream, text.into())),
        }
    }

    /// The pieces.
    pub fn pieces(&self) -> &[(Stream, String)] {
        &self.pieces
    }

    /// Takes the pieces out.
    pub fn take(&mut self) -> Vec<(Stream, String)> {
        std::mem::take(&mut self.pieces)
    }

    /// Everything printed, both streams together.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// What one stream got.
    pub fn of(&self, stream: Stream) -> String {
        let own = self.pieces.iter().filter(|(each, _)| *each == stream);
        own.map(|(_, text)| text.as_str()).collect()
    }
}
