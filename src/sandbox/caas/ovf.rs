//! Import and export of images as packages, and copies between data centres and regions.

use super::fault::Fault;
use super::handler::{Answer, Handlers, Reply, rows, value};
use super::locations;
use super::organization::ORGANIZATION;
use super::shelf::text;
use super::state::images::{Image, New};
use super::state::transfers::{Transfer, package};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{date, list, map};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("image.copy", copy_image),
    ("image.export", export),
    ("image.import", import),
    ("image.list_copies", |world, _| running(world, "imageCopyId")),
    ("image.list_export_history", history),
    ("image.list_exports", |world, _| running(world, "ovfPackagePrefix")),
    ("ovf_package.copy", copy_package),
    ("ovf_package.list", |world, _| rows(world.transfers.packages.iter().cloned())),
    ("ovf_package.list_copies", |world, _| running(world, "remoteCopyId")),
    ("ovf_package.list_copy_history", |world, _| rows(world.transfers.copied.iter().rev().cloned())),
];

/// The transfers of a kind, with their progress where the form has a field for it.
fn running(world: &mut World, kind: &'static str) -> Reply {
    let here = world.transfers.running.iter().filter(|transfer| transfer.kind == kind);
    rows(here.map(|transfer| {
        let mut shown = transfer.shown.clone();
        let status = transfer.progress.show(&world.clock);
        match shown.get_mut("targetImage") {
            Some(Value::Map(image)) => drop(image.insert("status", status)),
            _ => drop(shown.insert("status", status)),
        }
        shown
    }))
}

impl World {
    fn transfer(
        &mut self,
        id: &str,
        kind: &'static str,
        shown: Map,
        action: &'static str,
        then: impl FnOnce(&mut World) + Send + 'static,
    ) {
        let progress = self.progress(action);
        self.transfers.running.push(Transfer { id: id.to_owned(), kind, shown, progress });
        let id = id.to_owned();
        self.after(move |world| {
            world.transfers.running.retain(|transfer| transfer.id != id);
            then(world);
        });
    }
}

fn import(world: &mut World, args: &Args) -> Reply {
    let (location, name, package) = (args.text("location"), args.text("name"), args.text("ovfPackage"));
    world.location(location)?;
    world.images.name_is_free(location, name)?;
    let known = world.transfers.packages.iter().find(|known| text(known, "name") == package);
    match known.map(|known| text(known, "status")) {
        None => return Err(Fault::new(431, format!("Manifest {package} not found"))),
        Some("EXPIRED") => return Err(Fault::new(432, format!("A file of {package} has expired"))),
        Some(_) => {}
    }
    let like = world
        .images
        .find(super::state::images::LAMP)
        .or_else(|_| world.images.find(super::state::images::REDHAT))?
        .clone();
    let new = New { name, description: args.text("description"), location };
    let image = world.make_image(&new, &like, ("IMPORT", package.to_owned()), "IMAGE_IMPORT");
    value(image.detail(world))
}

/// An image in the form of exports.
fn exported(image: &Image) -> Map {
    let (description, sizes) = image.parts();
    let further = (1..).zip(sizes.iter().skip(1));
    map! {
        "id" => image.id.as_str(),
        "name" => image.name.as_str(),
        "description" => description,
        "location" => image.location.as_str(),
        "operatingSystem" => image.os.name(),
        "cpuCount" => image.cpus,
        "memoryMb" => image.memory,
        "osStorageGb" => sizes.first().copied().unwrap_or_default(),
        "additionalDisk" => list(further.map(|(scsi, gb): (i64, &i64)| map! { "scsiId" => scsi, "sizeGb" => *gb })),
    }
}

fn export(world: &mut World, args: &Args) -> Reply {
    let prefix = args.text("ovfPackagePrefix").to_owned();
    world.transfers.room("ovfPackagePrefix")?;
    world.transfers.prefix_is_free(&prefix)?;
    let image = exported(world.images.own(args.text("imageId"))?);
    let id = world.new_id();
    let shown = map! {
        "id" => id.as_str(),
        "ovfPackagePrefix" => prefix.as_str(),
        "startDate" => date(&world.now()),
        "image" => image,
    };
    let user = world.user.clone();
    let record = shown.clone();
    world.transfer(&id, "ovfPackagePrefix", shown.clone(), "IMAGE_EXPORT", move |world| {
        world.exported(record, &user, &prefix);
    });
    let mut answer = shown;
    answer.insert("status", world.progress("IMAGE_EXPORT").show(&world.clock));
    value(answer)
}

impl World {
    /// The end of an export: a package, and a record.
    fn exported(&mut self, mut record: Map, user: &str, prefix: &str) {
        let (now, expiry) = (self.now(), self.expiry());
        self.transfers.packages.push(package(&format!("{prefix}.mf"), [now.clone(), expiry.clone()], "VALID"));
        let file = |(kind, end, bytes): (&str, &str, i64)| {
            map! {
                "type" => kind,
                "name" => format!("{prefix}{end}"),
                "date" => date(&now),
                "expiryDate" => date(&expiry),
                "sizeBytes" => bytes,
            }
        };
        let files = [("MF", ".mf", 186), ("OVF", ".ovf", 8_192), ("VMDK", "-disk1.vmdk", 1_073_741_824)].map(file);
        record.insert("userName", user);
        record.insert("endDate", date(&now));
        record.insert("result", "SUCCESS");
        record.insert("resultDetail", "Export completed");
        record.insert("resultCode", "OK");
        record.insert("outputFile", list(files));
        self.transfers.exported.push(record);
    }
}

fn history(world: &mut World, args: &Args) -> Reply {
    let count = args.int("count").and_then(|count| usize::try_from(count).ok()).unwrap_or(100);
    rows(world.transfers.exported.iter().rev().take(count).cloned())
}

fn copy_image(world: &mut World, args: &Args) -> Reply {
    let (location, name) = (args.text("targetLocation"), args.text("targetImageName"));
    world.location(location)?;
    let source = world.images.own(args.text("sourceImageId"))?.clone();
    if source.location == location {
        return Err(Fault::new(770, format!("The image is at {location} already")));
    }
    world.images.name_is_free(location, name)?;
    world.transfers.room("imageCopyId")?;
    let prefix = args.maybe_text("ovfPackagePrefix").map(str::to_owned);
    if let Some(prefix) = &prefix {
        world.transfers.prefix_is_free(prefix)?;
    }
    let new = New { name, description: args.maybe_text("targetImageDescription").unwrap_or_default(), location };
    let image = world.make_image(&new, &source, ("COPY", source.id.clone()), "IMAGE_COPY");
    let id = world.new_id();
    let mut shown = map! {
        "imageCopyId" => id.as_str(),
        "sourceLocation" => source.location.as_str(),
        "sourceImageId" => source.id.as_str(),
        "sourceImageName" => source.name.as_str(),
        "targetImage" => image.detail(world),
    };
    if let Some(prefix) = &prefix {
        shown.insert("ovfPackagePrefix", prefix.as_str());
    }
    world.transfer(&id, "imageCopyId", shown.clone(), "IMAGE_COPY", move |world| {
        if let Some(prefix) = prefix {
            let (now, expiry) = (world.now(), world.expiry());
            world.transfers.packages.push(package(&format!("{prefix}.mf"), [now, expiry], "VALID"));
        }
    });
    value(shown)
}

impl World {
    /// The expiry of a package created now.
    fn expiry(&self) -> String {
        self.clock.moved("2011-08-15T08:00:00.000Z")
    }

    /// The end of a copy from another region: a package, and a record.
    fn copied(&mut self, mut record: Map, name: &str) {
        let now = self.now();
        self.transfers.packages.retain(|known| text(known, "name") != name);
        self.transfers.packages.push(package(name, [now.clone(), self.expiry()], "VALID"));
        let file = |end: &str, bytes: i64| map! { "name" => name.replace(".mf", end), "sizeBytes" => bytes };
        record.insert("mfFile", file(".mf", 186));
        record.insert("ovfFile", file(".ovf", 8_192));
        record.insert("vmdkFile", list([file("-disk1.vmdk", 1_073_741_824)]));
        record.insert("endDate", date(&now));
        record.insert("result", "SUCCESS");
        self.transfers.copied.push(record);
    }
}

fn copy_package(world: &mut World, args: &Args) -> Reply {
    let (region, name) = (args.text("sourceGeoId"), args.text("sourceOvfPackage").to_owned());
    let key = locations::other_region(region)
        .ok_or_else(|| Fault::new(160, format!("{region} is no region of {ORGANIZATION} but this one")))?;
    if !name.to_lowercase().ends_with(".mf") {
        return Err(Fault::new(461, format!("Region {key} has no package {name}")));
    }
    world.transfers.room("remoteCopyId")?;
    if let Some(stem) = name.strip_suffix(".mf").filter(|stem| *stem != "MyImage") {
        world.transfers.prefix_is_free(stem)?;
    }
    let (id, began) = (world.new_id(), world.now());
    let shown = map! { "remoteCopyId" => id.as_str(), "sourceGeoKey" => key, "name" => name.as_str(), "state" => "PENDING_ADD" };
    let (record, package) =
        (map! { "id" => id.as_str(), "sourceGeoKey" => key, "startDate" => date(&began) }, name.clone());
    world.transfer(&id, "remoteCopyId", shown, "COPY_REMOTE_OVF_PACKAGE", move |world| world.copied(record, &package));
    let detail =
        format!("Request to Copy OVF Package \"{name}\" has been issued - see additionalInformation for copy id");
    let facts = vec![("remoteOvfPackageCopy.copyId", id), ("remoteOvfPackageCopy.sourceGeoKey", key.to_owned())];
    Ok(Answer::Done(detail, facts))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Organization;
    use super::*;

    const IMAGE: &str = "5a18d6f0-eaca-11e1-8340-d93da27669ab";
    const EUROPE: &str = "4503ed6e-2e44-11e2-81d1-4b7e977ca8d3";

    #[test]
    fn invalid_transfers_are_refused() {
        let import = |package: &str, location: &str, name: &str| {
            map! { "ovfPackage" => package, "location" => location, "name" => name }
        };
        let copy = |name: &str, location: &str| {
            map! { "sourceImageId" => IMAGE, "targetImageName" => name, "targetLocation" => location }
        };
        for (method, args, reason) in [
            ("image.import", import("MyImage.mf", "NA1", "New"), 0),
            ("image.import", import("MyImage.mf", "NA1", "LAMP"), 391),
            ("image.import", import("OldImage.mf", "NA1", "New"), 432),
            ("image.import", import("NoImage.mf", "NA1", "New"), 431),
            ("image.import", import("MyImage.mf", "MOON1", "New"), 770),
            ("image.export", map! { "imageId" => IMAGE, "ovfPackagePrefix" => "MyImage" }, 460),
            ("image.export", map! { "imageId" => "nosuch", "ovfPackagePrefix" => "p" }, 390),
            ("image.copy", copy("New", "NA3"), 0),
            ("image.copy", copy("New", "NA1"), 770),
            ("image.copy", copy("New/2", "NA3"), 320),
            ("image.export", map! { "imageId" => IMAGE, "ovfPackagePrefix" => "a b" }, 320),
            ("ovf_package.copy", map! { "sourceGeoId" => EUROPE, "sourceOvfPackage" => "x" }, 461),
            ("ovf_package.copy", map! { "sourceGeoId" => "nosuch", "sourceOvfPackage" => "x.mf" }, 160),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn an_export_runs_and_leaves_a_package_and_a_record() {
        let mut org = Organization::new();
        let export = |prefix: &str| map! { "imageId" => IMAGE, "ovfPackagePrefix" => prefix };
        let made = org.get("image.export", export("One"));
        assert!(made.get("status").unwrap().get("step").is_some());
        assert_eq!(org.reason("image.export", export("One")), 460);
        org.get("image.export", export("Two"));
        assert_eq!(org.reason("image.export", export("Three")), 430);
        assert!(org.find("image.list_exports", map! {}, "ovfPackagePrefix", "One").is_some());
        org.wait();
        assert_eq!(org.get("image.list_exports", map! {}), list([]));
        assert!(org.find("ovf_package.list", map! {}, "name", "One.mf").is_some());
        let newest = org.get("image.list_export_history", map! { "count" => 1 });
        assert_eq!(newest.as_list().unwrap()[0].get("ovfPackagePrefix"), Some(&"Two".into()));
    }

    #[test]
    fn copies_run_and_end() {
        let mut org = Organization::new();
        org.get("image.copy", map! { "sourceImageId" => IMAGE, "targetImageName" => "New", "targetLocation" => "NA3" });
        let answer = org.get("ovf_package.copy", map! { "sourceGeoId" => EUROPE, "sourceOvfPackage" => "Far.mf" });
        let id = answer.get("id").cloned().unwrap();
        let copy = org
            .find(
                "ovf_package.list_copies",
                map! { "packageName" => Value::List(vec!["Far.mf".into()]) },
                "name",
                "Far.mf",
            )
            .unwrap();
        assert_eq!(copy.get("remoteCopyId"), Some(&id));
        assert_eq!(org.get("image.list_copies", map! {}).as_list().map(<[Value]>::len), Some(1));
        org.wait();
        assert!(org.find("ovf_package.list_copy_history", map! {}, "result", "SUCCESS").is_some());
        assert!(org.find("ovf_package.list", map! {}, "name", "Far.mf").is_some());
        assert!(org.find("image.list", map! { "location-id" => "NA3" }, "name", "New").is_some());
    }
}
