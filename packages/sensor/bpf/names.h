/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Answers of name servers, so that later connections have names. Over TCP a packet that begins with an answer is told as far
 * as it goes; user space takes from it what is whole.
 */
#pragma once

#define NAME_SERVER 53
#define DNS_HEAD 12
#define DNS_SIZE 4095

struct packet_place {
	__u32 at;	/* where the transport's head begins */
	__u32 protocol; /* of the transport */
	__u32 address;	/* where the sender's address lies, and its size */
	__u32 size;
};

/* What lies in one piece, as the heads of most packets, is read without a call. */
static __always_inline int read_bytes(struct __sk_buff *packet, __u32 at, __u8 *to, __u32 size)
{
	const __u8 *from = (void *)(long)packet->data + at;
	if (from + size > (const __u8 *)(long)packet->data_end)
		return bpf_skb_load_bytes(packet, at, to, size);
	__builtin_memcpy(to, from, size);
	return 0;
}

static __always_inline int find_transport(struct __sk_buff *packet, struct packet_place *place)
{
	__u8 head = 0, protocol = 0;
	if (packet->protocol == __builtin_bswap16(0x0800)) {
		if (read_bytes(packet, 0, &head, 1) || read_bytes(packet, 9, &protocol, 1))
			return 0;
		*place = (struct packet_place){ .at = (head & 15) * 4, .protocol = protocol, .address = 12, .size = 4 };
		return 1;
	}
	if (packet->protocol != __builtin_bswap16(0x86dd) || read_bytes(packet, 6, &protocol, 1))
		return 0;
	*place = (struct packet_place){ .at = 40, .protocol = protocol, .address = 8, .size = 16 };
	return 1;
}

/* Where what is transported begins; 0 where it comes from no name server. */
static __always_inline __u32 find_answer(struct __sk_buff *packet, const struct packet_place *place)
{
	__u8 port[2] = {}, offset = 0;
	if (place->protocol != UDP && place->protocol != TCP)
		return 0;
	if (read_bytes(packet, place->at, port, 2) || port[0] != 0 || port[1] != NAME_SERVER)
		return 0;
	if (place->protocol == UDP)
		return place->at + 8;
	if (read_bytes(packet, place->at + 12, &offset, 1))
		return 0;
	return place->at + (offset >> 4) * 4;
}

SEC("cgroup_skb/ingress")
int on_packet(struct __sk_buff *packet)
{
	struct packet_place place = {};
	__u32 at = find_transport(packet, &place) ? find_answer(packet, &place) : 0;
	if (!at)
		return 1;
	__u64 id = bpf_skb_cgroup_id(packet);
	struct watch *watch = watch_of(id);
	__u32 length = packet->len > at ? packet->len - at : 0;
	__u32 zero = 0;
	struct event *event = watch && length >= DNS_HEAD ? bpf_map_lookup_elem(&packet_rooms, &zero) : 0;
	if (!event)
		return 1;
	start(event, KIND_DNS, watch->container);
	length = length > DNS_SIZE ? DNS_SIZE : length;
	if (length < DNS_HEAD || bpf_skb_load_bytes(packet, at, event->texts, length))
		return 1;
	/* Four bytes of a sender of IPv4 have more than twelve behind them. */
	if (bpf_skb_load_bytes(packet, place.address, event->texts + length, 16))
		return 1;
	event->values[0] = place.protocol;
	event->lengths[0] = length;
	event->lengths[1] = place.size;
	finish(event, length + place.size);
	return 1;
}
