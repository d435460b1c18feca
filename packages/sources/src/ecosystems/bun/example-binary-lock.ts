import { inflateSync } from 'node:zlib';

/**
 * A binary lock file that bun 1.1 wrote, compressed: a project that ships color-convert and, as `odd`, ms, and needs
 * acorn and @types/ms for its development.
 */
export const EXAMPLE_BINARY_LOCK: Uint8Array = inflateSync(
  Buffer.from(
    [
      'eNpTVtQvLS7ST8rM00/NK1NIKs3jAmLdnPzk7LTMnFTdtPyi3MQS3TIDLiYGBgaPDkfXpGtLrxdNtLV7dfLc6bI9J6y9P5Yd2tX5LUr0XTXL',
      'fk4GMGCDUAwcaHQDlM6DKWBILCgA07nFED7IAF6gwglAmgtIJybnF+UxwOUa5mUHBH2v+KK9ZMuRq1uv93skFarYOnDzW1yMWHXB88v8pze/',
      '96fsWvDko2tRiPyyCOsmRgbKABOUVgJiHaD9ID4jGfr9gNgJqp+BBDNg6mcBsQ1QPyNULwuJ+h8CsRFQPweZ/hcGWmoCjUB2aHgQC1iQ3MsC',
      'dT8rlI9Ok67+H/8/SiMZHTCCEMRcZKNZGsPc83Nnvm341KW2Qiq8VsdON+jB4aM3mVUd5X3aF3/ZGGcTtUj4UqGy12TR37u22F3b7fu0ebfK',
      'zBjhGXzTJz5WtUUylwnZXFdBJrsTv7vef8yfxZV4mlVWK1Pk5pv+f2WWIRc19xnbz1KPZ3W9b5o204q34Pkx7gcT+aaf+utX8/Czwv1j7pwL',
      'VTWRzGVGNrfkzb473NPurt1gus1d6bHkUnOFnuzu4N+N+r9nF06stSw7vPj4/QfvjcLmOda7z/c+3bKwy3J1Y+Hba7ZWLGxxDDoOSOYipzeW',
      'Q4/S2D71f5upbHt32e/VKqYnuF7qmZf+i3HdKhzJmb751LuJp3fmHll//PrMvs/hfhfjHr9i2hSgryTstLch7v/6QmMkc1HifU5+lXTpypfL',
      'jZiYsiRXK1uY/cs8deLNylw7lcIzxdfn/D3b0Lsnbwqz27/yRWGvJMvuFzFWZmm0z3j7cTmjpveku9+onQ6g6R9WBl0DYm5EIUZpEhuBYAO0',
      '3D8CpblsiouS9TLziksSc3L0YJWOXkhRaqqdgpGBQnFmVWp+mo6CiUJiTmZ6Xn4aFzjH/4cAWDnwAWoaCzvM1FJjIzugJuzawWEPildmaPli',
      'ANXnQoR+VqgeWD0AMqMCqu8XXH+0kVlsqQXQC2ZwMwxR3QCrz2D1FAejgZ65nrEJIrXBajIORgs9Az0DpLoRVucxMRoBZQyBovkpKWATk75V',
      'zrm12eIyE6MYkMeDVI/C6kcmxjpDPUM9oD0u0KoARqPGRXFqbllqkZ5rRUlqUV5iTnBJUWZeup2CIcJDFnAPFUBN2M4JDz+g3w2xet2hpLIg',
      'tVg/tzg5Pye/SDc5Pw9oTUleQa5VbrGDEdBlBhklJQXFVvr6RanpmcUlRZV6FXqpFYm5BTmpQF36ukBCF6xOryS9Co9aFPOB2lD4uuCAA5kA',
      'Ec5LzE0laBZIEdwgEEcXHJIgU/TADShwzOExBiwPNAFM64JjlYAn4KEF8TckiYD0DNYMDgCuD92v',
    ].join(''),
    'base64',
  ),
);
