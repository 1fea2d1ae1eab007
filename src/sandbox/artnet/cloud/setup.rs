//! cloud-instance.resources-* and boot-*: hardware, its price, and what an instance boots from.

use super::super::handler::{Args, Handlers, Reply};
use super::super::refusal::Refusal;
use super::super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{decimal, int, list, map};
use model::{Map, Value};

pub(crate) const HANDLERS: Handlers = &[
    ("cloud-instance.boot-installation-images-list", list_images),
    ("cloud-instance.boot-mode-boot", boot),
    ("cloud-instance.boot-mode-installation-image", install),
    ("cloud-instance.resources-allowed-ranges", ranges),
    ("cloud-instance.resources-calculate-price", calculate),
    ("cloud-instance.resources-negotiate", negotiate),
];

/// Name, minimum, maximum, step, and the price of a step for 24 hours in ten-thousandths.
const RANGES: [(&str, i64, i64, i64, i64); 4] = [
    ("cpu", 1, 16, 1, 2400),
    ("ram", 512, 65_536, 512, 1275),
    ("hdd", 10, 1000, 10, 333),
    ("bandwidth", 10, 1000, 10, 50),
];
/// Label, distribution and name of the images.
const IMAGES: &[(&str, &str, &str)] =
    &[("Debian 8.1 64bit", "debian", "debian-8.1-64bit"), ("Ubuntu 14.04 64bit", "ubuntu", "ubuntu-14.04-64bit")];

/// The hardware of an instance, in the order of the ranges.
pub(super) struct Resources([i64; 4]);

impl Resources {
    /// The hardware of an instance.
    pub(super) fn of(instance: &Map) -> Resources {
        let resources = instance.get("resources").and_then(Value::as_map);
        let value = |name: &str| resources.map_or(0, |resources| int(resources, name));
        Resources([value("cpu_cores"), value("ram"), value("hdd"), value("bandwidth")])
    }

    /// The hardware that a call asks for; all four values are required.
    fn asked(args: &Args) -> Result<Resources, Refusal> {
        let resources = args.get("resources").and_then(Value::as_map).cloned().unwrap_or_default();
        let mut asked = [0; 4];
        for (value, (name, ..)) in asked.iter_mut().zip(RANGES) {
            let given = resources.get(name).and_then(Value::as_int);
            *value = given.ok_or(Refusal::of("invalid-param-value"))?;
        }
        Ok(Resources(asked))
    }

    fn fit(&self) -> bool {
        let fits = |(value, (_, min, max, step, _)): (&i64, (_, i64, i64, i64, _))| {
            (min..=max).contains(value) && value % step == 0
        };
        self.0.iter().zip(RANGES).all(fits)
    }

    fn show(&self) -> Map {
        let [cpu, ram, hdd, bandwidth] = self.0;
        map! { "cpu_cores" => cpu, "ram" => ram, "hdd" => hdd, "bandwidth" => bandwidth }
    }
}

/// The price for 24 hours, with four decimals.
pub(super) fn price(resources: &Resources) -> Map {
    let total: i64 = resources.0.iter().zip(RANGES).map(|(value, (_, _, _, step, cost))| value / step * cost).sum();
    let digits = format!("{}.{:04}", total / 10_000, total % 10_000);
    map! { "price" => decimal(&digits), "currency" => "EUR", "period" => "24h" }
}

fn ranges(world: &mut World, args: &Args) -> Reply {
    world.instance(args)?;
    let range = |(name, min, max, step, _): (&'static str, i64, i64, i64, i64)| {
        (name, map! { "min" => min, "max" => max, "step" => step })
    };
    Ok(RANGES.into_iter().map(range).collect::<Map>().into())
}

fn calculate(world: &mut World, args: &Args) -> Reply {
    if args.get("instance_id").is_some() {
        world.instance(args)?;
    }
    let resources = Resources::asked(args)?;
    if resources.fit() { Ok(price(&resources).into()) } else { Err(Refusal::of("invalid-param-value")) }
}

fn negotiate(world: &mut World, args: &Args) -> Reply {
    let id = world.opened(args)?;
    let resources = Resources::asked(args)?;
    if !resources.fit() {
        return Err(Refusal::of("instance-resources-negotiate-incorrect-parameters"));
    }
    let [.., disk, _] = resources.0;
    let now = world.instances.find(NOBODY, id).map(Resources::of);
    if now.is_some_and(|Resources([.., now, _])| disk < now) {
        return Err(Refusal::of("instance-resources-negotiate-cannot-decrease-hdd"));
    }
    world.restart(id, args, map! { "resources" => resources.show() })
}

fn list_images(world: &mut World, args: &Args) -> Reply {
    world.instance(args)?;
    Ok(list(IMAGES.iter().map(|(label, distribution, image)| {
        map! { "label" => *label, "distribution" => *distribution, "image" => *image }
    })))
}

fn install(world: &mut World, args: &Args) -> Reply {
    let id = world.opened(args)?;
    if !IMAGES.iter().any(|(.., image)| *image == args.text("installation_image")) {
        return Err(Refusal::of("instance-boot-incorrect-installation-image"));
    }
    world.restart(id, args, map! { "boot_status" => "install" })
}

fn boot(world: &mut World, args: &Args) -> Reply {
    let id = world.opened(args)?;
    world.restart(id, args, map! { "boot_status" => "boot" })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Client;
    use super::*;
    use crate::kit::values::merge;

    fn of(id: i64, changes: Map) -> Map {
        let mut args = map! { "instance_id" => id, "instance_password" => super::super::PASSWORD };
        merge(&mut args, changes);
        args
    }

    fn hardware(cpu: i64, ram: i64, hdd: i64) -> Map {
        map! { "resources" => map! { "cpu" => cpu, "ram" => ram, "hdd" => hdd, "bandwidth" => 100 } }
    }

    #[test]
    fn hardware_is_limited_to_its_ranges() {
        let mut client = Client::new();
        let soft = |changes: Map| {
            let mut args = of(679, changes);
            args.insert("shutdown", true);
            args
        };
        for (args, code) in [
            (of(678, hardware(2, 1000, 40)), "instance-resources-negotiate-incorrect-parameters"),
            (of(678, hardware(17, 1024, 40)), "instance-resources-negotiate-incorrect-parameters"),
            (of(678, map! { "resources" => map! { "cpu" => 2 } }), "invalid-param-value"),
            (of(678, hardware(2, 2048, 10)), "instance-resources-negotiate-cannot-decrease-hdd"),
            (soft(hardware(2, 2048, 40)), "instance-unable-shutdown"),
            (of(678, hardware(2, 2048, 40)), ""),
        ] {
            assert_eq!(client.code("cloud-instance.resources-negotiate", args.clone()), code, "{args:?}");
        }
        let details = client.get("cloud-instance.details", map! { "instance_id" => 678 });
        assert_eq!(details.get("resources"), Some(&Resources([2, 2048, 40, 100]).show().into()));
        let asked = client.get("cloud-instance.resources-calculate-price", hardware(2, 2048, 40));
        assert_eq!(details.get("price_resources"), Some(&asked));
        assert_eq!(asked.get("price"), Some(&decimal("1.1732")));
        let wrong = client.code("cloud-instance.resources-calculate-price", hardware(0, 2048, 40));
        assert_eq!(wrong, "invalid-param-value");
    }

    #[test]
    fn an_instance_boots_from_an_image_and_back() {
        let mut client = Client::new();
        let image = |name: &str| of(678, map! { "installation_image" => name });
        for (method, args, code, status) in [
            ("boot-mode-installation-image", image("nothing"), "instance-boot-incorrect-installation-image", "boot"),
            ("boot-mode-installation-image", image("debian-8.1-64bit"), "", "install"),
            ("boot-mode-boot", of(678, map! { "instance_password" => "x" }), "instance-password-incorrect", "install"),
            ("boot-mode-boot", of(678, map! {}), "", "boot"),
        ] {
            assert_eq!(client.code(&format!("cloud-instance.{method}"), args), code, "{method}");
            let details = client.get("cloud-instance.details", map! { "instance_id" => 678 });
            assert_eq!(details.get("boot_status"), Some(&status.into()), "{method}");
        }
        assert_eq!(
            client
                .get("cloud-instance.boot-installation-images-list", of(678, map! {}).into_iter().take(1).collect())
                .as_list()
                .unwrap()
                .len(),
            2
        );
    }
}
