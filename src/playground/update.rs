//! Which deed an action is, and what the page must do after it.

use super::action::{Action, Effect, Origin};
use super::notice::Tone;
use super::state::{Playground, SPEEDS};
use crate::cluster::meta::Key;
use crate::manifest::examples::{EXAMPLES, FIRST_TEXT};
use std::rc::Rc;

impl Default for Playground {
    fn default() -> Self {
        Self::new()
    }
}

impl Playground {
    /// The first example, applied, with time running.
    pub fn new() -> Self {
        let mut playground = Self::open(EXAMPLES[0].id, FIRST_TEXT);
        playground.apply();
        playground.notice = None;
        playground.playing = true;
        playground
    }

    /// Does what a person asked for.
    pub fn update(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = match action {
            // Comes with every frame, and never waits.
            Action::Tick { elapsed_ms } => self.tick(elapsed_ms),
            // So does this, where nothing was typed.
            Action::EndTyping if !self.is_typing => {
                self.typed_at = None;
                Vec::new()
            }
            action => self.act(action),
        };
        self.attend(&mut effects);
        effects
    }

    /// Does what an action asks for. After one that changes the work the page is to keep it.
    #[inline(never)]
    fn act(&mut self, action: Action) -> Vec<Effect> {
        if self.must_wait(&action) {
            return Vec::new();
        }
        if action.is_done_after_typing() {
            self.read_to_end();
            self.end_typing();
        }
        match action {
            Action::Take(what) => return self.hand(what),
            Action::Command(line) => return self.command(&line),
            Action::Browse(url) => return self.browse(&url),
            Action::CloseEditor(saved) => return self.close_editor(saved),
            Action::CloseBrowser => self.browser = None,
            Action::EndTyping => {
                self.typed_at = None;
                self.read_to_end();
                if std::mem::take(&mut self.is_typing) {
                    self.apply_automatically();
                    return vec![Effect::Save];
                }
            }
            Action::Interrupt => {
                self.stop();
                self.interrupt();
            }
            Action::Stop => self.stop_working(),
            Action::ClearScreen => self.clear_screen(),
            Action::Provide { name, text } => self.provide(name, text),
            Action::ShowName(name) => self.show_name(&name),
            Action::ShowProbes(container) => self.show_probes(container),
            other => {
                self.change(other);
                let said = self.notice.as_ref().filter(|notice| notice.tone == Tone::Refused);
                let announce = said.map(|notice| Effect::Announce(notice.lines.join(" ")));
                return announce.into_iter().chain([Effect::Save]).collect();
            }
        }
        Vec::new()
    }

    /// Does what changes the work, or how one looks at it.
    fn change(&mut self, action: Action) {
        match action {
            Action::Play => self.play(),
            Action::Pause => {
                self.stop();
                self.playing = false;
            }
            Action::StepForward => self.step_forward(),
            Action::StepBack => self.step_back(),
            Action::Seek(at) => self.seek(at),
            Action::SeekStart => self.seek(self.begins_at()),
            Action::SeekEnd => self.seek(self.horizon),
            Action::SetSpeed(speed) => self.speed = speed.clamp(1, SPEEDS[SPEEDS.len() - 1]),
            Action::SetSkipWaits(skip) => self.skip_waits = skip,
            Action::DismissNotice => self.notice = None,
            Action::SetAutoApply(on) => {
                self.auto_apply = on;
                self.apply_automatically();
            }
            Action::EditText(text) => self.edit_text(text),
            Action::SetField(field, value) => self.set_field(field, value.as_deref()),
            Action::Fix(fix) => self.edit_text(fix.apply(&self.manifest.text)),
            Action::SelectSet(selected) => self.select_set(selected),
            Action::Apply => {
                self.remember();
                self.apply();
            }
            Action::Submit(deed) => {
                self.remember();
                self.submit(&deed);
            }
            Action::Restart => self.begin_again(),
            Action::SetCalmTiming(calm) => self.set_calm_timing(calm),
            Action::SetKubernetes(kubernetes) => self.set_kubernetes(kubernetes),
            Action::RecreateOrphaned => self.recreate_orphaned(),
            Action::OpenExample { id, text } => self.open_example(&id, &text),
            Action::OpenLesson { id, text } => self.open_lesson((&id, Origin::Page), &text),
            Action::OpenCarried(origin, text) => self.open_lesson(("", origin), &text),
            Action::LeaveLesson => self.leave_lesson(),
            Action::Predict(option) => self.predict(option),
            Action::ShowHint => self.show_hint(),
            Action::SolveTask => self.solve_task(),
            Action::Tell(problem) => self.problem(problem),
            Action::Say(text) => self.say(text),
            Action::Undo => self.take_back(),
            Action::Redo => self.do_again(),
            Action::Tick { .. }
            | Action::Take(_)
            | Action::Command(_)
            | Action::Browse(_)
            | Action::CloseEditor(_)
            | Action::CloseBrowser
            | Action::EndTyping
            | Action::Interrupt
            | Action::Stop
            | Action::ClearScreen
            | Action::Provide { .. }
            | Action::ShowName(_)
            | Action::ShowProbes(_) => {}
        }
    }

    /// Shows in the DNS panel what a name leads to.
    fn show_name(&mut self, name: &str) {
        self.looked_up = name.into();
        self.draw();
    }

    /// Shows the attempts of the probes of a pod's container, or none.
    fn show_probes(&mut self, container: Option<(Key, String)>) {
        self.probed = container.map(Rc::new);
        self.draw();
    }
}
