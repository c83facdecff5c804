//! What the fixers do together; recorded cases show what each one does.

use super::*;

fn file(text: &str) -> (FileId, SourceMap) {
    let sources = SourceMap::default();
    (sources.add("t.json", text), sources)
}

fn errors(text: &str) -> Vec<String> {
    let (id, sources) = file(text);
    let found = fixed(id, &sources).expect_err("not fixed");
    found.iter().map(|d| format!("{} {}", d.summary, sources.describe(d.span.expect("a place")))).collect()
}

#[test]
fn the_first_value_is_fixed_and_the_last_of_equal_names_counts() {
    // FIX-1
    let (id, sources) = file("{\"builders\": [{\"type\": \"vmware\", \"type\": \"proxmox\"}]} {");
    assert_eq!(
        fixed(id, &sources).unwrap(),
        "{\n  \"builders\": [\n    {\n      \"type\": \"proxmox-iso\"\n    }\n  ]\n}\n"
    );
}

#[test]
fn what_is_missing_stays_missing_but_for_builders() {
    // FIX-3
    let (id, sources) = file("{}");
    assert_eq!(fixed(id, &sources).unwrap(), "{\n  \"builders\": null\n}\n");
    let (id, sources) = file("{\"BUILDERS\": [{\"type\": \"vmware\"}], \"provisioners\": []}");
    let text = fixed(id, &sources).unwrap();
    assert!(text.contains("vmware-iso") && !text.contains("null") && text.contains("\"provisioners\": []"), "{text}");
}

#[test]
fn all_problems_are_told_at_their_places() {
    let text = "{\n\"builders\": [5,\n\"x\"],\n\"post-processors\": \"manifest\"}";
    assert_eq!(
        errors(text),
        [
            "Cannot fix the template t.json:2,14-15",
            "Cannot fix the template t.json:3,1-4",
            "Cannot fix the template t.json:4,1-30"
        ]
    );
    let text = "{\"builders\": [\n{\"type\": \"amazon-ebs\", \"ssh_private_ip\": \"maybe\"},\n\
                {\"type\": \"vsphere-iso\", \"network\": \"n\", \"network_adapters\": 1}],\n\"provisioners\": [\n\
                {\"type\": \"powershell\", \"elevated_user\": 1},\n{\"type\": \"shell\", \"override\": \"x\"}]}";
    assert_eq!(errors(text).len(), 4);
}

#[test]
fn broken_json_is_told_with_all_its_mistakes() {
    assert_eq!(errors("{\"builders\": [1,], 'a': 2}").len(), 2);
    assert_eq!(errors(""), ["Missing JSON value t.json:1,1-1"]);
    assert_eq!(errors(" [1]"), ["Root value must be object t.json:1,2-3"]);
    assert_eq!(errors("{\"a\":\n1e999}"), ["Invalid JSON t.json:2,1-7"]);
}

#[test]
fn components_without_a_type_are_no_reason_to_stop() {
    // FIX-5
    let (id, sources) = file("{\"builders\": [{\"image_labels\": [1]}, null, {\"type\": 5}], \"provisioners\": [1]}");
    assert!(fixed(id, &sources).is_ok());
}

#[test]
fn each_fixer_tells_what_it_has_to_change() {
    let (id, sources) = file("{\"builders\": [{\"type\": \"vmware\", \"iso_md5\": \"5d\"}]}");
    let told: Vec<_> = needed(id, &sources)
        .unwrap()
        .iter()
        .flat_map(|fix| fix.changes.iter().map(move |change| format!("{}: {change}", fix.fixer)))
        .collect();
    let wanted = [
        "iso-md5: /builders/0/iso_checksum_type is added",
        "iso-md5: /builders/0/iso_md5 is renamed to iso_checksum",
        "vmware-rename: /builders/0/type is changed",
        "iso-checksum-type-and-url: /builders/0/iso_checksum is changed",
        "iso-checksum-type-and-url: /builders/0/iso_checksum_type is removed",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn a_fixed_template_needs_no_fixer() {
    let (id, sources) = file("{\"builders\": [{\"type\": \"qemu\", \"disk_size\": 5, \"ssh_host_port_min\": 1}]}");
    let again = sources.add("again.json", fixed(id, &sources).unwrap());
    assert_eq!(needed(again, &sources).unwrap(), []);
}

#[test]
fn an_old_option_names_its_fixers() {
    // FIX-6
    assert_eq!(fixers_of("ssh_host_port_min").collect::<Vec<_>>(), ["comm-config", "qemu-host-port"]);
    assert_eq!(fixers_of("image").count(), 0);
}
