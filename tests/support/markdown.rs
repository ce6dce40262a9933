//! Markdown, as far as a story needs it: its fenced blocks, with their places.
//!
//! Nothing else of Markdown is understood, and nothing else is ever rewritten.

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// What stands after the opening fence: `console`, or `toml talks.toml`.
    pub(crate) info: String,
    /// The number of its first line inside, counted from 0.
    pub(crate) start: usize,
    /// The lines inside.
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// Returns the language of the block.
    pub(crate) fn language(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or_default()
    }

    /// Returns the file that the block is the content of.
    pub(crate) fn file(&self) -> Option<&str> {
        self.info.split_whitespace().nth(1)
    }
}

/// A command with the output that the story tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The line of the command in the file, counted from 0.
    pub(crate) line: usize,
    /// The command; the lines that continue it (`> `) follow after a line break.
    pub(crate) command: String,
    /// The number of the first expected line, counted from 0 in the file.
    pub(crate) start: usize,
    /// The expected lines.
    pub(crate) expected: Vec<String>,
}

/// Returns the fenced blocks of a text, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let info = info.trim().to_owned();
                open = Some(Block {
                    info,
                    start: number + 1,
                    lines: Vec::new(),
                });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    blocks
}

/// Returns the commands of a `console` block, each with its output.
pub(crate) fn steps(block: &Block) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (number, line) in block.lines.iter().enumerate() {
        let here = block.start + number;
        let last = steps.last_mut();
        if let Some(command) = line.strip_prefix("$ ") {
            let command = command.to_owned();
            steps.push(Step {
                line: here,
                command,
                start: here + 1,
                expected: Vec::new(),
            });
        } else if let Some(step) = last {
            let more = line.strip_prefix("> ").or((line == ">").then_some(""));
            match more {
                Some(more) if step.expected.is_empty() => {
                    step.command.push('\n');
                    step.command.push_str(more);
                    step.start = here + 1;
                }
                _ => step.expected.push(line.clone()),
            }
        } else {
            panic!("line {}: a console block begins with `$ `", here + 1);
        }
    }
    steps
}
