//! cluster.service.*: the services of a cluster.

use super::super::handler::Reply;
use super::super::world::World;
use super::change::Part;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::Value;

/// A white dot: the smallest image that viewers open.
const IMAGE: &[u8] = b"\x89PNG\r\n\x1a\n\
    \0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\xdac\xf8\x0f\0\x01\x01\x01\0\x1c\xb0\x8c\x99\
    \0\0\0\0IEND\xaeB`\x82";

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(Part::of(args).row(world)?.clone().into())
}

pub(super) fn list_services(world: &mut World, args: &Args) -> Reply {
    Ok(list(world.given_cluster(args)?.services.iter().cloned()))
}

pub(super) fn status_image(world: &mut World, args: &Args) -> Reply {
    Part::of(args).row(world)?;
    Ok(map! { "data" => Value::Bytes(IMAGE.to_vec()) }.into())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;

    #[test]
    fn services_are_found_by_name() {
        let part = |cluster: &str, service: &str| map! { "cluster_name" => cluster, "service_name" => service };
        for (cluster, service, code) in
            [("mycluster1", "www", 0), ("mycluster1", "ftp", 0), ("mycluster1", "nosuch", 3), ("nosuch", "www", 3)]
        {
            for method in ["cluster.service.info", "cluster.service.status_image"] {
                assert_eq!(Account::new().code(method, part(cluster, service)), code, "{method} {cluster} {service}");
            }
        }
        let all = Account::new().get("cluster.service.list", map! { "cluster_name" => "mycluster1" });
        assert_eq!(all.as_list().unwrap().len(), 2);
    }

    #[test]
    fn the_image_is_complete() {
        let chunk = |from: usize| usize::from(IMAGE[from + 3]) + 12;
        let (header, data) = (8, 8 + chunk(8));
        let end = data + chunk(data);
        assert_eq!((&IMAGE[header + 4..header + 8], &IMAGE[data + 4..data + 8]), (&b"IHDR"[..], &b"IDAT"[..]));
        assert_eq!((&IMAGE[end + 4..end + 8], end + chunk(end)), (&b"IEND"[..], IMAGE.len()));
    }
}
