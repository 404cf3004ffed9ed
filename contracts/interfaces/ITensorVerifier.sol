// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DemandProof, ElementProof, Node, OperatorOpening, RowOpening, TensorOpening} from "../types/Tensor.sol";
import {IClaimSource} from "./IClaimSource.sol";
import {IEscrow} from "./IEscrow.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {ITensorChecker} from "./ITensorChecker.sol";
import {ITensorInterpreter} from "./ITensorInterpreter.sol";
import {ITensorRunner} from "./ITensorRunner.sol";
import {IVerifier} from "./IVerifier.sol";

/// @notice Where a demand stands.
enum DemandStatus {
    None,
    /// The operator's clock runs.
    Open,
    /// The operator published what was asked; the bond is the operator's.
    Supplied,
    /// The clock ran out and the claim was refuted; the bond went back.
    TimedOut,
    /// The claim was refuted in another way first; the bond went back.
    Reclaimed
}

/// @title ITensorVerifier
/// @notice Refutes wrong claims of exact models: by one inconsistent element, by whole re-execution, or by silence when
/// committed data is withheld. Arithmetic, trees and encodings: docs/protocol/exact-models.md.
/// @dev An honest trace has no inconsistent element and can always be supplied, so an honest operator that answers
/// demands cannot lose, whoever challenges. Claims are known by their source as well as their id, which anybody's source
/// may repeat: read an event or a demand only together with its `source`.
interface ITensorVerifier is IVerifier {
    /// @notice Element (`row`, `column`) of tensor `tensor` was committed as `committed` and computes to `computed`.
    event ElementRefuted(
        bytes32 indexed claimId,
        IClaimSource indexed source,
        address indexed refuter,
        uint32 tensor,
        uint32 row,
        uint32 column,
        uint8 committed,
        uint8 computed
    );
    event OutputRefuted(
        bytes32 indexed claimId,
        IClaimSource indexed source,
        address indexed refuter,
        bytes32 tracedHash,
        bytes32 claimedHash
    );
    event RowRefuted(
        bytes32 indexed claimId,
        IClaimSource indexed source,
        address indexed refuter,
        uint32 tensor,
        uint32 row,
        uint256 length,
        uint256 expected
    );
    event ExecutionRefuted(
        bytes32 indexed claimId,
        IClaimSource indexed source,
        address indexed refuter,
        bytes32 computedHash,
        bytes32 claimedHash
    );
    event Demanded(
        bytes32 indexed claimId,
        bytes32 indexed demandId,
        IClaimSource indexed source,
        address demander,
        Node node,
        bytes32 hash,
        uint64 supplyUntil
    );
    /// @notice `data` is the list of 32-byte leaf hashes (tensor roots for the trace) or the data of the leaf.
    event Supplied(bytes32 indexed claimId, bytes32 indexed demandId, address indexed supplier, bytes data);
    event DemandTimedOut(bytes32 indexed claimId, bytes32 indexed demandId, address indexed caller);
    event DemandReclaimed(bytes32 indexed claimId, bytes32 indexed demandId, address indexed caller);

    error ZeroAddress();
    error NoCode(address account);
    error UnknownProgram(bytes32 claimId);
    error ProgramMismatch(bytes32 computed, bytes32 expected);
    error OperatorMismatch(uint32 given, uint32 expected);
    error ProgramTooShort(uint256 operators, uint256 needed);
    error UnknownOperatorKind(uint8 kind);
    error DescriptorMalformed(uint32 operator, uint256 length);
    error ShapeMismatch(uint32 operator, uint256 given, uint256 expected);
    error ShapeIndivisible(uint32 operator, uint256 given, uint256 divisor);
    error ParameterOutOfRange(uint32 operator, uint256 given, uint256 min, uint256 max);
    error RootMismatch(bytes32 computed, bytes32 expected);
    error IndexOutOfRange(uint256 index, uint256 count);
    /// @notice The opened row is not the one that the element reads.
    error RowMismatch(uint256 given, uint256 expected);
    error RowLengthMismatch(uint256 given, uint256 expected);
    error RowCountMismatch(uint256 given, uint256 expected);
    /// @notice The proof opens another number of tensors than the element reads.
    error SourceCountMismatch(uint256 given, uint256 expected);
    error PathLengthMismatch(uint256 given, uint256 expected);
    error ElementConsistent(uint32 tensor, uint32 row, uint32 column, uint8 value);
    error OutputConsistent(bytes32 outputHash);
    error RowConsistent(uint32 tensor, uint32 row, uint256 length);
    error Unprovable(uint32 operator, uint256 worstGas, uint256 maxGas);
    error WeightsTooShort(uint256 given, uint256 needed);
    error DemandExists(bytes32 demandId, DemandStatus status);
    error DemandNotOpen(bytes32 demandId, DemandStatus status);
    error DemandWindowClosed(uint64 challengeUntil, uint64 timestamp);
    error FollowUpClosed(bytes32 parentId, uint64 followUpUntil, uint64 timestamp);
    error SupplyWindowClosed(uint64 supplyUntil, uint64 timestamp);
    error SupplyWindowOpen(uint64 supplyUntil, uint64 timestamp);
    error DataLengthMismatch(uint256 given, uint256 expected);
    error PreimageMismatch(bytes32 computed, bytes32 expected);

    function ESCROW() external view returns (IEscrow);
    function REGISTRY() external view returns (IModelRegistry);
    /// @notice Part that checks programs.
    /// @dev Warning: the verifier trusts its parts as its own code. They are fixed at construction, which sees that they have
    /// code, not which: compare it before trusting a verifier.
    function CHECKER() external view returns (ITensorChecker);
    /// @notice Part that computes single elements.
    function INTERPRETER() external view returns (ITensorInterpreter);
    /// @notice Part that runs whole programs.
    function RUNNER() external view returns (ITensorRunner);
    /// @notice Tokens a demander stakes, from its escrow balance with this verifier; the supplier earns them.
    function DEMAND_BOND() external view returns (uint128);
    /// @notice Seconds an operator has to supply.
    function SUPPLY_WINDOW() external view returns (uint64);
    /// @notice Seconds after a supply in which the next level may be demanded and the claim stays refutable.
    function FOLLOW_UP_WINDOW() external view returns (uint64);
    /// @notice Gas a proof must fit (EIP-7825).
    function MAX_PROOF_GAS() external view returns (uint256);

    /// @notice Refutes the claim if the element that `proof` opens is not what its inputs and weights compute to.
    function prove(IClaimSource source, bytes calldata context, ElementProof calldata proof) external;

    /// @notice Refutes the claim if the rows of the last tensor of the trace do not hash to its `outputHash`.
    function proveOutput(
        IClaimSource source,
        bytes calldata context,
        OperatorOpening calldata last,
        TensorOpening calldata tensor,
        bytes calldata output
    ) external;

    /// @notice Refutes the claim if it commits to a row of another length than its operator produces.
    function proveRow(
        IClaimSource source,
        bytes calldata context,
        OperatorOpening calldata operator,
        TensorOpening calldata tensor,
        RowOpening calldata row
    ) external;

    /// @notice Runs the whole program on `input` and refutes the claim if the output differs; returns without effect if it is right.
    /// @param descriptors All leaves of the program tree.
    /// @param weights Contracts whose code, after its first byte, is the concatenation of all weight rows in order.
    /// @param input Rows of tensor 0, concatenated.
    function execute(
        IClaimSource source,
        bytes calldata context,
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external returns (bool refuted);

    /// @notice Runs the whole program on `input`.
    function evaluate(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external view returns (bytes memory output);

    /// @notice Bonds `DEMAND_BOND` on the operator publishing the preimage of `hash`, the root or leaf hash of `node`.
    /// @dev Inside the challenge window any node whose roots the claim binds; later only the child of one just supplied.
    /// @param proof What shows that the claim binds `hash` at `node`.
    function demand(
        IClaimSource source,
        bytes calldata context,
        Node calldata node,
        bytes32 hash,
        DemandProof calldata proof
    ) external returns (bytes32 demandId);

    /// @notice Publishes what was demanded and earns the bond. Anybody may supply; the bond is the claim's operator's.
    function supply(
        IClaimSource source,
        bytes calldata context,
        Node calldata node,
        bytes32 hash,
        bytes calldata data
    ) external;

    /// @notice Refutes the claim if the demand was not supplied in time; the demander is the refuter. Anybody may call.
    function timeout(IClaimSource source, bytes calldata context, Node calldata node, bytes32 hash) external;

    /// @notice Returns the bond of an open demand whose claim was refuted in another way. Anybody may call.
    function reclaim(IClaimSource source, bytes calldata context, Node calldata node, bytes32 hash) external;

    /// @notice keccak256(abi.encode(source, claimId, node, hash)).
    function demandId(
        IClaimSource source,
        bytes32 claimId,
        Node calldata node,
        bytes32 hash
    ) external pure returns (bytes32);
    /// @return status Where the demand stands.
    /// @return demander Who bonded it.
    /// @return time End of the supply window (exclusive) while open, else when it ended.
    function demandOf(bytes32 demandId) external view returns (DemandStatus status, address demander, uint64 time);
}
