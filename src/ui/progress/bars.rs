//! The bars at the foot of a terminal, and the lines above them.
//!
//! Knows no work. A thread of its own looks at the counters while there are any, so that neither who counts nor who
//! writes lines waits for drawing: a line only takes the bars away, and the next look brings them back.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::{Counter, Progress};

/// How long the bars stand between two looks; what is done sooner has no bar.
const PAUSE: Duration = Duration::from_millis(100);
/// How many times a second they are drawn at most.
const RATE: u8 = 10;
/// Narrower terminals, in columns, get less.
const NARROW: u16 = 90;

/// Tells width and height of the terminal; `None` while nothing may be drawn there.
pub type Window = Box<dyn Fn() -> Option<(u16, u16)> + Send + Sync>;

/// The bars of a run. Clones are the same bars.
#[derive(Clone)]
pub struct Bars(Arc<Shared>);

struct Shared {
    work: Mutex<Work>,
    screen: Mutex<Screen>,
    window: Window,
}

/// What there is to look at. Never locked while anything is drawn.
#[derive(Default)]
struct Work {
    new: Vec<Weak<Counter>>,
    is_watched: bool,
    is_over: bool,
}

/// What is shown. Locked while it is drawn or written to.
struct Screen {
    out: Box<dyn Write + Send>,
    frame: Frame,
    multi: MultiProgress,
    shown: Vec<(Weak<Counter>, ProgressBar)>,
    /// Whether bars stand below the last line.
    is_drawn: bool,
    /// Whether the cursor stands where a line begins: not behind a question.
    is_at_line_start: bool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bars {
    /// Makes bars at the foot of the terminal behind `out`; lines must go there through [`Bars::lines`].
    pub fn new(out: Box<dyn Write + Send>, window: Window) -> Bars {
        let frame = Frame::default();
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(frame.clone()), RATE);
        let multi = MultiProgress::with_draw_target(target);
        let screen = Screen { out, frame, multi, shown: Vec::new(), is_drawn: false, is_at_line_start: true };
        Bars(Arc::new(Shared { work: Mutex::default(), screen: Mutex::new(screen), window }))
    }

    /// Returns where lines go: above the bars.
    pub fn lines(&self) -> AboveBars {
        AboveBars(self.clone())
    }

    /// Begins to show a piece of work; 0: nobody knows how many bytes there are.
    pub fn progress(&self, what: String, total: u64) -> Progress {
        let progress = Progress::new(what, total);
        let mut work = locked(&self.0.work);
        work.new.extend(progress.0.as_ref().map(Arc::downgrade));
        if !work.is_watched && !work.is_over {
            let bars = self.clone();
            // Without a thread there are no bars; the work goes on.
            work.is_watched = std::thread::Builder::new().name("bars".to_owned()).spawn(move || bars.watch()).is_ok();
        }
        progress
    }

    /// Takes all bars away for good.
    pub fn end(&self) {
        locked(&self.0.work).is_over = true;
        locked(&self.0.screen).erase();
    }

    fn watch(&self) {
        loop {
            std::thread::sleep(PAUSE);
            if !self.look() {
                return;
            }
        }
    }

    /// Draws what there is now; whether there may be more to draw.
    fn look(&self) -> bool {
        let mut screen = locked(&self.0.screen);
        let goes_on = {
            let mut work = locked(&self.0.work);
            if !work.is_over {
                let begun = work.new.drain(..).map(|counter| (counter, ProgressBar::hidden()));
                screen.shown.extend(begun);
            }
            let goes_on = !work.is_over && screen.shown.iter().any(|(counter, _)| counter.strong_count() > 0);
            work.is_watched = goes_on;
            goes_on
        };
        match (goes_on, (self.0.window)()) {
            (true, Some(size)) if screen.is_at_line_start => screen.draw(size),
            // What stands there belongs to whoever is in front now.
            (true, None) => screen.forget(),
            (true, Some(_)) => {}
            (false, _) => {
                screen.erase();
                screen.shown.clear();
            }
        }
        goes_on
    }
}

impl Screen {
    fn draw(&mut self, (width, height): (u16, u16)) {
        self.frame.resize(width, height);
        let Screen { multi, shown, .. } = self;
        shown.retain_mut(|(counter, bar)| {
            let Some(counter) = counter.upgrade() else {
                bar.finish_and_clear();
                multi.remove(bar);
                return false;
            };
            let (done, total) = (counter.done.load(Ordering::Relaxed), counter.total.load(Ordering::Relaxed));
            if bar.is_hidden() {
                *bar = multi.add(ProgressBar::no_length().with_message(counter.what.clone()));
            }
            bar.set_style(style(width, total > 0));
            // One change, so that it is drawn once.
            bar.update(|state| {
                if total > 0 {
                    // What grows while it is read has more than was told.
                    state.set_len(total.max(done));
                }
                state.set_pos(done);
            });
            true
        });
        self.is_drawn = true;
        let drawn = self.frame.take();
        self.write(&drawn);
    }

    fn erase(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            // It writes to memory, which does not fail.
            let _ = self.multi.clear();
            let erased = self.frame.take();
            self.write(&erased);
        }
    }

    fn forget(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            let _ = self.multi.clear();
            self.frame.take();
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        // Bars that cannot be shown are no loss; lines tell their own errors.
        let _ = self.out.write_all(bytes).and_then(|()| self.out.flush());
    }
}

fn style(width: u16, is_total_known: bool) -> ProgressStyle {
    let template = match (width >= NARROW, is_total_known) {
        (true, true) => "{wide_msg} [{bar:20}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
        (true, false) => "{wide_msg} {bytes} {bytes_per_sec}",
        (false, true) => "{wide_msg} {percent:>3}%",
        (false, false) => "{wide_msg} {bytes}",
    };
    ProgressStyle::with_template(template).expect("the templates are right").progress_chars("=> ")
}

/// Writes lines above the bars.
pub struct AboveBars(Bars);

impl Write for AboveBars {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut screen = locked(&self.0.0.screen);
        screen.erase();
        let written = screen.out.write(bytes);
        if let Ok(count) = &written
            && let Some(last) = bytes[..*count].last()
        {
            screen.is_at_line_start = *last == b'\n';
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        locked(&self.0.0.screen).out.flush()
    }
}

/// What is drawn, as bytes for a terminal.
#[derive(Clone, Default)]
struct Frame(Arc<Mutex<Drawn>>);

#[derive(Default)]
struct Drawn {
    bytes: Vec<u8>,
    width: u16,
    height: u16,
}

impl Frame {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut locked(&self.0).bytes)
    }

    fn resize(&self, width: u16, height: u16) {
        let mut drawn = locked(&self.0);
        (drawn.width, drawn.height) = (width, height);
    }

    fn add(&self, text: &str) -> io::Result<()> {
        locked(&self.0).bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn moved(&self, count: usize, letter: char) -> io::Result<()> {
        if count == 0 { Ok(()) } else { self.add(&format!("\x1b[{count}{letter}")) }
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frame")
    }
}

impl TermLike for Frame {
    fn width(&self) -> u16 {
        locked(&self.0).width
    }
    fn height(&self) -> u16 {
        locked(&self.0).height
    }
    fn move_cursor_up(&self, count: usize) -> io::Result<()> {
        self.moved(count, 'A')
    }
    fn move_cursor_down(&self, count: usize) -> io::Result<()> {
        self.moved(count, 'B')
    }
    fn move_cursor_right(&self, count: usize) -> io::Result<()> {
        self.moved(count, 'C')
    }
    fn move_cursor_left(&self, count: usize) -> io::Result<()> {
        self.moved(count, 'D')
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(text)?;
        self.add("\r\n")
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(text)
    }
    fn clear_line(&self) -> io::Result<()> {
        self.add("\r\x1b[2K")
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::recorder::Shared;

    /// Bars that are looked at by hand.
    fn bars(size: Option<(u16, u16)>) -> (Bars, Shared) {
        let out = Shared::default();
        let bars = Bars::new(Box::new(out.clone()), Box::new(move || size));
        locked(&bars.0.work).is_watched = true;
        (bars, out)
    }

    #[test]
    fn a_bar_stands_at_the_foot_until_its_work_is_done() {
        let (bars, out) = bars(Some((120, 40)));
        let progress = bars.progress("a: Uploading x".into(), 4 << 20);
        progress.add(1 << 20);
        assert!(bars.look());
        assert!(out.text().contains("a: Uploading x"), "{}", out.text());
        assert!(out.text().contains("[=====>              ] 1.00 MiB/4.00 MiB"), "{}", out.text());
        drop(progress);
        assert!(!bars.look());
        assert!(out.text().ends_with("\x1b[2K"), "{:?}", out.text());
    }

    #[test]
    fn lines_take_the_bars_away_before_they_are_written() {
        let (bars, out) = bars(Some((60, 40)));
        let _progress = (bars.progress("one".into(), 10), bars.progress("two".into(), 0));
        bars.look();
        let before = out.text().len();
        bars.lines().write_all(b"a line\n").unwrap();
        let written = out.text()[before..].to_owned();
        let erased = written.strip_suffix("a line\n").expect("the line is written at once");
        assert_eq!(erased.matches("\x1b[2K").count(), 2, "{written:?}");
        // Nothing stands there any more that would have to go.
        bars.lines().write_all(b"more\n").unwrap();
        assert!(out.text().ends_with("a line\nmore\n"));
        std::thread::sleep(PAUSE);
        bars.look();
        assert!(out.text().rsplit("more\n").next().unwrap().contains("one"));
    }

    #[test]
    fn nothing_is_drawn_behind_a_question_or_from_the_background() {
        let (bars, out) = bars(Some((60, 40)));
        let _progress = bars.progress("one".into(), 10);
        bars.lines().write_all(b"Why? ").unwrap();
        assert!(bars.look());
        assert_eq!(out.text(), "Why? ");
        let (bars, out) = self::bars(None);
        let _progress = bars.progress("one".into(), 10);
        assert!(bars.look());
        assert_eq!(out.text(), "");
    }

    #[test]
    fn at_the_end_no_bar_is_left() {
        let (bars, out) = bars(Some((60, 40)));
        let _progress = bars.progress("one".into(), 10);
        bars.look();
        bars.end();
        let text = out.text();
        assert!(text.ends_with("\x1b[2K"), "{text:?}");
        assert!(!bars.look());
        assert_eq!(out.text(), text);
    }
}
