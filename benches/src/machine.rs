//! What is measured on: the machine by its facts, and what its disk can do.
//!
//! The disk's floor is what no contender can go below: how fast bytes go to the
//! disk, and how often in a second a small append can be made durable.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::contender::Failure;
use crate::phases::float;

/// What Linux calls a file system that is in memory only.
const IN_MEMORY: i64 = 0x0102_1994;

const BLOCK: usize = 1 << 20;
const BLOCKS: u64 = 512;
const SECTOR: usize = 512;
/// How long appends are made durable one after the other.
const AWHILE: Duration = Duration::from_secs(2);

/// How many bytes a folder takes: as they are counted, and as the disk allots them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Room {
    /// The lengths of the files.
    pub(crate) length: u64,
    /// What the file system set aside for them.
    pub(crate) allotted: u64,
}

/// Returns what the machine is, a fact on each line.
pub(crate) fn facts(folder: &Path) -> Result<Vec<String>, Failure> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let named = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map_or_else(
            || "unknown".to_owned(),
            |(_, value)| value.trim().to_owned(),
        )
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let status = rustix::fs::statfs(folder)?;
    let mut facts = vec![
        format!("cores: {cores}"),
        format!("processor: {}", named(&read("/proc/cpuinfo"), "model name")),
        format!("memory: {}", named(&read("/proc/meminfo"), "MemTotal")),
        format!("kernel: {}", read("/proc/sys/kernel/osrelease").trim()),
        format!("load before: {}", read("/proc/loadavg").trim()),
        format!("file system: {}", file_system(folder)),
    ];
    if status.f_type == IN_MEMORY {
        facts.push("NOTE: this folder is in memory; durable appends mean nothing here".to_owned());
    }
    Ok(facts)
}

/// Returns how many bytes a second go to the disk, in one long file, and synced at its end.
pub(crate) fn sequential(folder: &Path) -> Result<f64, Failure> {
    let path = folder.join("floor-sequential");
    let mut file = File::create(&path)?;
    let block: Vec<u8> = (0..=u8::MAX).cycle().take(BLOCK).collect();
    let start = Instant::now();
    for _ in 0..BLOCKS {
        file.write_all(&block)?;
    }
    file.sync_data()?;
    let took = start.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(float(BLOCKS * BLOCK as u64) / took)
}

/// Returns how many appends of one sector can be made durable in a second, in a
/// file that was lengthened before (`ahead`) or that grows with each.
pub(crate) fn syncs(folder: &Path, ahead: bool) -> Result<f64, Failure> {
    let path = folder.join("floor-syncs");
    let mut file = File::create(&path)?;
    if ahead {
        file.write_all(&vec![0; 64 * BLOCK])?;
    }
    file.sync_all()?;
    let sector = [7; SECTOR];
    let (start, mut count) = (Instant::now(), 0);
    let most = (64 * BLOCK / SECTOR) as u64;
    while start.elapsed() < AWHILE && count < most {
        file.write_all_at(&sector, count * SECTOR as u64)?;
        file.sync_data()?;
        count += 1;
    }
    let took = start.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(float(count) / took)
}

/// Returns how many bytes the files under `path` take.
pub(crate) fn room(path: &Path) -> Result<Room, Failure> {
    let data = fs::symlink_metadata(path)?;
    if !data.is_dir() {
        return Ok(Room {
            length: data.len(),
            allotted: data.blocks() * 512,
        });
    }
    let mut all = Room {
        length: 0,
        allotted: data.blocks() * 512,
    };
    for item in fs::read_dir(path)? {
        let one = room(&item?.path())?;
        all.length += one.length;
        all.allotted += one.allotted;
    }
    Ok(all)
}

/// Returns the sort of the file system that holds a folder.
fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_default();
    let holding = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (at, sort) = (words.next()?, words.next()?);
        folder.starts_with(at).then_some((at.len(), sort))
    });
    let nearest = holding.max_by_key(|(length, _)| *length);
    nearest.map_or("unknown", |(_, sort)| sort).to_owned()
}
